package io.slipway.cli.command;

import io.slipway.image.error.SlipwayException;
import io.slipway.registry.http.ListenAddress;
import io.slipway.registry.http.RegistryConfig;
import io.slipway.registry.http.RegistryServer;
import io.slipway.registry.store.TagPattern;
import io.slipway.registry.upkeep.GcSettings;
import io.slipway.registry.upkeep.RetentionRule;
import io.slipway.registry.upkeep.ScrubSettings;
import io.slipway.registry.upkeep.SettingText;
import io.slipway.registry.upkeep.UpkeepSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway registry serve}: the registry in the foreground, until SIGINT or SIGTERM. */
final class RegistryServeCommand implements Command {
  private static final String LISTEN = "127.0.0.1:5000";

  @Override
  public void describe(CommandSpec spec) {
    new Options(spec)
        .text("Address to listen on (default " + LISTEN + ")", "host:port", "--listen")
        .text("Folder of all repositories and blobs", "path", "--data-root")
        .flag("Print a line for each request", "--access-log")
        .text("Collect garbage so often (default 1h; 0: never)", "duration", "--gc-interval")
        .text(
            "Keep what nothing needs for so long after its last use (default 24h)",
            "duration",
            "--gc-grace")
        .flag("Keep manifests that have no tag", "--keep-untagged")
        .text(
            "Read stored content again at so many bytes a second (default 8m; 0: never)",
            "size",
            "--scrub-rate")
        .list(
            "Remove tags by a rule, such as \"team/* tags=^dev- keep=10 pulled=30d\"",
            "rule",
            "--retention")
        .list(
            "Tags that are set once and stay, such as \"team/* ^v[0-9]\"",
            "pattern",
            "--immutable-tags")
        .list(
            "What a namespace may hold, such as \"team bytes=10g tags=1000 repositories=20\"",
            "quota",
            "--quota")
        .words();
  }

  @Override
  public String arguments() {
    return "[OPTIONS]";
  }

  @Override
  public int run(Invocation call) throws InterruptedException {
    call.arguments(0);
    if (call.text("--data-root").isEmpty()) {
      throw new UsageException("registry serve: give the folder for its data with --data-root DIR");
    }
    String listen = call.text("--listen").isEmpty() ? LISTEN : call.text("--listen");
    CountDownLatch stop = new CountDownLatch(1);
    Signals.handle("INT", name -> stop.countDown());
    Signals.handle("TERM", name -> stop.countDown());
    try {
      RegistryConfig config =
          RegistryConfig.of(
                  ListenAddress.parse(listen), Path.of(call.text("--data-root")).toAbsolutePath())
              .withUpkeep(upkeep(call))
              .withAccessLog(call.flag("--access-log"));
      try (RegistryServer server = RegistryServer.open(config, line -> say(call, line))) {
        say(call, "listening on " + server.address() + ", data in " + config.dataRoot());
        stop.await();
        say(call, "stopping");
      }
      return 0;
    } catch (SlipwayException e) {
      throw new CommandFailure(1, "slipway registry: " + e.getMessage());
    }
  }

  private static UpkeepSettings upkeep(Invocation call) {
    return new UpkeepSettings(
        gc(call),
        scrub(call),
        call.list("--retention").stream().map(RetentionRule::parse).toList(),
        call.list("--immutable-tags").stream().map(TagPattern::parse).toList(),
        call.list("--quota").stream().map(SettingText::quota).toList());
  }

  private static GcSettings gc(Invocation call) {
    GcSettings defaults = GcSettings.defaults();
    return new GcSettings(
        duration(call, "--gc-interval", defaults.interval()),
        duration(call, "--gc-grace", defaults.grace()),
        !call.flag("--keep-untagged"),
        defaults.removalsPerSecond());
  }

  private static ScrubSettings scrub(Invocation call) {
    ScrubSettings defaults = ScrubSettings.defaults();
    String rate = call.text("--scrub-rate");
    return new ScrubSettings(
        rate.isEmpty() ? defaults.bytesPerSecond() : SettingText.bytes("--scrub-rate", rate),
        defaults.every(),
        defaults.trust());
  }

  private static Duration duration(Invocation call, String option, Duration otherwise) {
    return call.text(option).isEmpty()
        ? otherwise
        : SettingText.duration(option, call.text(option));
  }

  private static void say(Invocation call, String line) {
    call.console().err().println("slipway registry: " + line);
    call.console().err().flush();
  }
}
