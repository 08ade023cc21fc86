package io.slipway.runtime.spec;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Changes some parts of a {@link ProcessSpec}; start from {@link ContainerDefaults#process}. */
public final class ProcessSpecBuilder {
  private List<String> args;
  private List<String> env;
  private String cwd;
  private UserSpec user;
  private Capabilities capabilities;
  private List<Rlimit> rlimits;
  private boolean noNewPrivileges;
  private int umask;
  private OptionalInt oomScoreAdjust;
  private Optional<TerminalSize> terminal;
  private Optional<String> appArmor;

  ProcessSpecBuilder(ProcessSpec spec) {
    this.args = spec.args();
    this.env = spec.env();
    this.cwd = spec.cwd();
    this.user = spec.user();
    this.capabilities = spec.capabilities();
    this.rlimits = spec.rlimits();
    this.noNewPrivileges = spec.noNewPrivileges();
    this.umask = spec.umask();
    this.oomScoreAdjust = spec.oomScoreAdjust();
    this.terminal = spec.terminal();
    this.appArmor = spec.appArmor();
  }

  public ProcessSpecBuilder args(List<String> value) {
    this.args = value;
    return this;
  }

  public ProcessSpecBuilder env(List<String> value) {
    this.env = value;
    return this;
  }

  public ProcessSpecBuilder cwd(String value) {
    this.cwd = value;
    return this;
  }

  public ProcessSpecBuilder user(UserSpec value) {
    this.user = value;
    return this;
  }

  public ProcessSpecBuilder capabilities(Capabilities value) {
    this.capabilities = value;
    return this;
  }

  public ProcessSpecBuilder rlimits(List<Rlimit> value) {
    this.rlimits = value;
    return this;
  }

  public ProcessSpecBuilder noNewPrivileges(boolean value) {
    this.noNewPrivileges = value;
    return this;
  }

  public ProcessSpecBuilder umask(int value) {
    this.umask = value;
    return this;
  }

  public ProcessSpecBuilder oomScoreAdjust(OptionalInt value) {
    this.oomScoreAdjust = value;
    return this;
  }

  public ProcessSpecBuilder terminal(Optional<TerminalSize> value) {
    this.terminal = value;
    return this;
  }

  public ProcessSpecBuilder appArmor(Optional<String> value) {
    this.appArmor = value;
    return this;
  }

  public ProcessSpec build() {
    return new ProcessSpec(
        args,
        env,
        cwd,
        user,
        capabilities,
        rlimits,
        noNewPrivileges,
        umask,
        oomScoreAdjust,
        terminal,
        appArmor);
  }
}
