package io.slipway.builder.frontend;

import io.slipway.dockerfile.ast.Instruction;

/** Sends each instruction to what knows it. */
final class InstructionDispatch {
  private InstructionDispatch() {}

  static void dispatch(StageBuild stage, Instruction instruction) {
    var config = new ConfigInstructions(stage);
    switch (instruction) {
      case Instruction.Run run -> new RunInstruction(stage, config).run(run);
      case Instruction.Transfer transfer -> new TransferInstruction(stage).transfer(transfer);
      case Instruction.Workdir workdir -> config.workdir(workdir);
      case Instruction.Arg arg -> config.arg(arg);
      case Instruction.Env env -> config.env(env);
      case Instruction.Label label -> config.label(label);
      case Instruction.Expose expose -> config.expose(expose);
      case Instruction.Volume volume -> config.volume(volume);
      case Instruction.User user -> config.user(user);
      case Instruction.Cmd cmd -> config.cmd(cmd);
      case Instruction.Entrypoint entrypoint -> config.entrypoint(entrypoint);
      case Instruction.Shell shell -> config.shell(shell);
      case Instruction.Stopsignal stopsignal -> config.stopsignal(stopsignal);
      case Instruction.Healthcheck healthcheck -> config.healthcheck(healthcheck);
      case Instruction.Maintainer maintainer -> config.maintainer(maintainer);
      case Instruction.Onbuild onbuild -> config.onbuild(onbuild);
      case Instruction.From from ->
          throw new IllegalArgumentException("FROM inside a stage: " + from.header().original());
    }
  }
}
