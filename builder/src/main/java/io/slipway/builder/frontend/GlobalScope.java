package io.slipway.builder.frontend;

import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.word.Env;
import io.slipway.dockerfile.word.WordExpander;
import io.slipway.image.model.Platform;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments before the first FROM and the predefined ones: seen by FROM lines, and by a bare
 * {@code ARG NAME} inside a stage.
 */
final class GlobalScope {
  private final Map<String, String> values = new LinkedHashMap<>();

  private GlobalScope() {}

  static GlobalScope of(
      List<Instruction.Arg> declared,
      BuildOptions options,
      Platform host,
      Platform target,
      WordExpander expander) {
    var scope = new GlobalScope();
    scope.predefine("BUILD", host);
    scope.predefine("TARGET", target);
    scope.values.put("TARGETSTAGE", options.target().isEmpty() ? "default" : options.target());
    scope.values.keySet().forEach(name -> scope.override(name, options));
    for (Instruction.Arg argument : declared) {
      for (Instruction.Arg.Declaration declaration : argument.declarations()) {
        scope.declare(declaration, options, expander);
      }
    }
    return scope;
  }

  private void predefine(String prefix, Platform platform) {
    values.put(prefix + "PLATFORM", platform.toString());
    values.put(prefix + "OS", platform.os());
    values.put(prefix + "OSVERSION", platform.osVersion());
    values.put(prefix + "ARCH", platform.architecture());
    values.put(prefix + "VARIANT", platform.variant());
  }

  private void override(String name, BuildOptions options) {
    String given = options.buildArgs().get(name);
    if (given != null) {
      values.put(name, given);
    }
  }

  private void declare(
      Instruction.Arg.Declaration declaration, BuildOptions options, WordExpander expander) {
    String name = declaration.name().text();
    String given = options.buildArgs().get(name);
    if (given != null) {
      values.put(name, given);
    } else if (declaration.defaultValue().isPresent()) {
      values.put(name, expander.expand(declaration.defaultValue().get(), env()).text());
    }
  }

  Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  Env env() {
    return this::get;
  }
}
