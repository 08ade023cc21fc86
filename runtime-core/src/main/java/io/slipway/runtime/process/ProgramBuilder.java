package io.slipway.runtime.process;

import io.slipway.runtime.linux.SystemCall;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a {@link SyscallProgram}. By default a call that fails ends the program as failed, any
 * other result goes on with the next call.
 */
public final class ProgramBuilder {
  private static final int UNBOUND = Integer.MIN_VALUE;

  private final List<Step> steps = new ArrayList<>();
  private final Label failure = new Label();
  private String section = "";

  /** A place to jump to, bound to the call that is added next. */
  public static final class Label {
    private int index = UNBOUND;
  }

  /** A call being described. */
  public final class Step {
    private final String section = ProgramBuilder.this.section;
    private final String name;
    private final SystemCall call;
    private final List<Arg> args;
    private Arg.Slot result;
    private Label onSuccess;
    private Label onZero;
    private Label onError = failure;
    private boolean ignoreErrors;
    private boolean fatal = true;
    private boolean end;

    private Step(String name, SystemCall call, Arg... args) {
      this.name = name;
      this.call = call;
      this.args = List.of(args);
    }

    /** Goes on with the next call whatever the result. */
    public Step mayFail() {
      ignoreErrors = true;
      fatal = false;
      return this;
    }

    /** Where to go on if the call fails. */
    public Step onError(Label label) {
      onError = label;
      fatal = false;
      return this;
    }

    /** Where to go on if the call fails, which still counts as the failure of the program. */
    Step failsTo(Label label) {
      onError = label;
      return this;
    }

    /** Goes on with the next call, but an error counts as the failure of the program. */
    Step mayFailButCounts() {
      ignoreErrors = true;
      return this;
    }

    /** Where to go on if the call succeeds. */
    public Step onSuccess(Label label) {
      onSuccess = label;
      return this;
    }

    /** Where to go on if the result is zero: the child's side of a clone. */
    public Step onZero(Label label) {
      onZero = label;
      return this;
    }

    /** Ends the run after this call, back in Java. */
    Step thenReturn() {
      end = true;
      return this;
    }

    /** The result, to be used as an argument of one later call. */
    public Arg.Slot result(String name) {
      result = new Arg.Slot(name);
      return result;
    }

    /** Gives the result to a slot that another call may fill as well. */
    public Step into(Arg.Slot slot) {
      result = slot;
      return this;
    }

    private SyscallProgram.Call build(int index) {
      int next = end ? SyscallProgram.RETURN : index + 1;
      int positive = onSuccess == null ? next : position(onSuccess);
      int zero = onZero == null ? positive : position(onZero);
      int negative = ignoreErrors ? next : position(onError);
      return new SyscallProgram.Call(
          section, name, call, args, result, positive, zero, negative, fatal);
    }

    private int position(Label label) {
      if (label.index == UNBOUND) {
        throw new IllegalStateException(name + " jumps to a label that is bound nowhere");
      }
      return label.index;
    }
  }

  /** Heading of the calls that follow. */
  public void section(String name) {
    section = name;
  }

  /** Adds a call; {@code name} is what an error message says was being done. */
  public Step call(String name, SystemCall call, Arg... args) {
    Step step = new Step(name, call, args);
    steps.add(step);
    return step;
  }

  /** Binds the label to the call that is added next. */
  public void bind(Label label) {
    if (label.index != UNBOUND) {
      throw new IllegalStateException("label is bound twice");
    }
    label.index = steps.size();
  }

  /** Binds the place where failed calls go. */
  void bindFailure() {
    bind(failure);
  }

  SyscallProgram build() {
    List<SyscallProgram.Call> calls = new ArrayList<>(steps.size());
    for (int i = 0; i < steps.size(); i++) {
      calls.add(steps.get(i).build(i));
    }
    return new SyscallProgram(calls);
  }
}
