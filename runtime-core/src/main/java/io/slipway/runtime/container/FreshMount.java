package io.slipway.runtime.container;

import static io.slipway.runtime.process.Arg.handle;
import static io.slipway.runtime.process.Arg.number;
import static io.slipway.runtime.process.Arg.text;

import io.slipway.runtime.linux.MountFlags;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.SystemCall;
import io.slipway.runtime.process.Arg;
import io.slipway.runtime.process.ProcessPrograms;
import io.slipway.runtime.process.ProgramBuilder;

/** Makes a file system in the child, as a detached mount. */
final class FreshMount {
  private final ProgramBuilder program;
  private final String step;

  FreshMount(ProgramBuilder program, String step) {
    this.program = program;
    this.step = step;
  }

  /** Takes the number that {@link #create} moves descriptors to, so that no open is given it. */
  static void reserve(ProgramBuilder program) {
    program.call(
        "reserve a descriptor",
        SystemCall.DUP3,
        handle(StartFacts.ROOT),
        handle(ProcessPrograms.SCRATCH),
        number(OpenFlags.O_CLOEXEC));
  }

  /**
   * @param options in the kernel's words, separated by commas
   * @param attributes {@code MOUNT_ATTR_*}
   */
  Arg.Slot create(String type, String options, long attributes) {
    // Several calls need the context, but a result can be the argument of one only: so it is moved
    // to a number that is known beforehand.
    Arg context = handle(ProcessPrograms.SCRATCH);
    Arg.Slot opened =
        program
            .call(step, SystemCall.FSOPEN, text(type), number(MountFlags.FSOPEN_CLOEXEC))
            .result("context");
    program.call(step, SystemCall.DUP3, opened, context, number(OpenFlags.O_CLOEXEC));
    set(context, "source=" + type); // what /proc/mounts shows as the device
    for (String option : options.split(",")) {
      if (!option.isEmpty()) {
        set(context, option);
      }
    }
    Arg none = number(0);
    program.call(
        step,
        SystemCall.FSCONFIG,
        context,
        number(MountFlags.FSCONFIG_CMD_CREATE),
        none,
        none,
        none);
    return program
        .call(
            step,
            SystemCall.FSMOUNT,
            context,
            number(MountFlags.FSMOUNT_CLOEXEC),
            number(attributes))
        .result(type);
  }

  private void set(Arg context, String option) {
    int equals = option.indexOf('=');
    boolean flag = equals < 0;
    program.call(
        step + " with " + option,
        SystemCall.FSCONFIG,
        context,
        number(flag ? MountFlags.FSCONFIG_SET_FLAG : MountFlags.FSCONFIG_SET_STRING),
        text(flag ? option : option.substring(0, equals)),
        flag ? number(0) : text(option.substring(equals + 1)),
        number(0));
  }
}
