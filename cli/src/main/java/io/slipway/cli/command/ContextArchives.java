package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;

/** Contexts as files to hand on: a tar of {@code meta.json} and {@code tls/docker/*.pem}. */
final class ContextArchives {
  private static final String META = "meta.json";
  private static final String TLS = "tls/docker/";

  /** As docker: a context is small, and what is larger is none. */
  private static final int MAX_BYTES = 10 << 20;

  private ContextArchives() {}

  private static ContextStore store() throws IOException {
    return new ContextStore(DockerConfig.load().folder());
  }

  /** {@code context export}. */
  static final class Export implements Command {
    @Override
    public String arguments() {
      return "CONTEXT [FILE|-]";
    }

    @Override
    public int run(Invocation call) throws IOException {
      List<String> words = call.someArguments();
      Context context = store().read(words.getFirst());
      String target = words.size() > 1 ? words.get(1) : context.name() + ".dockercontext";
      byte[] tar = tar(context);
      if (target.equals("-")) {
        if (call.console().terminalOut()) {
          throw new CommandFailure(
              1, "cowardly refusing to export to a terminal, specify a file path");
        }
        call.console().out().write(tar);
        return 0;
      }
      if (Files.exists(Path.of(target))) {
        throw new CommandFailure(1, "open " + target + ": file exists");
      }
      PrivateFile.write(Path.of(target).toAbsolutePath(), tar);
      call.console().err().println("Written file \"" + target + "\"");
      return 0;
    }

    private static byte[] tar(Context context) throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
        put(tar, META, context.meta().print(false).getBytes(StandardCharsets.UTF_8));
        for (Map.Entry<String, byte[]> file : NewContext.tls(context).entrySet()) {
          put(tar, TLS + file.getKey(), file.getValue());
        }
      }
      return out.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content)
        throws IOException {
      TarArchiveEntry entry = new TarArchiveEntry(name);
      entry.setMode(0600);
      entry.setSize(content.length);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
    }
  }

  /** {@code context import}. */
  static final class Import implements Command {
    @Override
    public String arguments() {
      return "CONTEXT FILE|-";
    }

    @Override
    public int run(Invocation call) throws IOException {
      List<String> words = call.arguments(2);
      String name = words.getFirst();
      ContextStore.check(name);
      if (store().has(name)) {
        throw new CommandFailure(1, "context \"" + name + "\" already exists");
      }
      try (InputStream in =
          words.get(1).equals("-")
              ? call.console().in()
              : Files.newInputStream(Path.of(words.get(1)))) {
        take(name, in);
      }
      call.console().out().println(name);
      call.console().flush();
      call.console().err().println("Successfully imported context \"" + name + "\"");
      return 0;
    }

    private static void take(String name, InputStream in) throws IOException {
      Map<String, byte[]> tls = new LinkedHashMap<>();
      JsonValue meta = new JsonValue.Null();
      try (ArchiveInputStream<?> archive = archive(in)) {
        for (ArchiveEntry e = archive.getNextEntry(); e != null; e = archive.getNextEntry()) {
          if (e.isDirectory()) {
            continue;
          }
          byte[] content = content(archive);
          String file = e.getName().substring(e.getName().lastIndexOf('/') + 1);
          if (e.getName().equals(META)) {
            meta = JsonValue.read(new ByteArrayInputStream(content));
          } else if (e.getName().equals(TLS + file) && file.matches("(ca|cert|key)\\.pem")) {
            tls.put(file, content);
          } else {
            throw new CommandFailure(1, "invalid context: unexpected file " + e.getName());
          }
        }
      }
      if (meta.text("Name").isEmpty()) {
        throw new CommandFailure(1, "invalid context: no metadata found");
      }
      Map<String, JsonValue> members = new LinkedHashMap<>(meta.members());
      members.put("Name", new JsonValue.Text(name));
      store().write(name, new JsonValue.Obj(members), tls);
    }

    private static ArchiveInputStream<?> archive(InputStream in) throws IOException {
      BufferedInputStream buffered = new BufferedInputStream(in);
      buffered.mark(2);
      boolean zip = buffered.read() == 'P' && buffered.read() == 'K';
      buffered.reset();
      return zip ? new ZipArchiveInputStream(buffered) : new TarArchiveInputStream(buffered);
    }

    private static byte[] content(InputStream in) throws IOException {
      byte[] content = in.readNBytes(MAX_BYTES + 1);
      if (content.length > MAX_BYTES) {
        throw new CommandFailure(1, "invalid context: a file is larger than 10 MiB");
      }
      return content;
    }
  }
}
