package io.slipway.cli.command;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Signals of this process as events. The JDK has them in {@code sun.misc.Signal} of its supported
 * module {@code jdk.unsupported}; it is reached by reflection, because naming it is a compiler
 * warning that cannot be silenced.
 */
final class Signals {
  private Signals() {}

  /** Calls the handler with the signal's name, such as INT, in place of the default action. */
  static void handle(String name, Consumer<String> handler) {
    try {
      Class<?> signalType = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Object signal = signalType.getConstructor(String.class).newInstance(name);
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handlerType},
              (self, method, arguments) -> call(self, method, arguments, name, handler));
      signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, proxy);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK lacks the module jdk.unsupported", e);
    }
  }

  private static Object call(
      Object self, Method method, Object[] arguments, String name, Consumer<String> handler) {
    return switch (method.getName()) {
      case "handle" -> {
        handler.accept(name);
        yield null;
      }
      case "equals" -> self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      default -> "handler of SIG" + name;
    };
  }
}
