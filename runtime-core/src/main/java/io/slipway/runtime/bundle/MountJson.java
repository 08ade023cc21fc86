package io.slipway.runtime.bundle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.runtime.spec.MountOption;
import io.slipway.runtime.spec.MountSpec;
import io.slipway.runtime.spec.MountSpec.KernelView;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/** One entry of {@code mounts}. */
final class MountJson {
  private static final List<String> DEVPTS =
      List.of("newinstance", "ptmxmode=0666", "mode=0620", "gid=5");

  private MountJson() {}

  /**
   * @param visible how a source is called by the program
   */
  static ObjectNode of(MountSpec mount, UnaryOperator<Path> visible) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("destination", mount.target());
    switch (mount) {
      case KernelView view -> {
        String type = view.kind().label();
        ArrayNode options = named(json, type, type);
        options(options, view.options());
        if (view.kind() == KernelView.Kind.DEVPTS) {
          DEVPTS.forEach(options::add);
        }
      }
      case MountSpec.Tmpfs tmpfs -> {
        ArrayNode options = named(json, "tmpfs", "tmpfs");
        options(options, tmpfs.options());
        if (!tmpfs.data().isEmpty()) {
          List.of(tmpfs.data().split(",")).forEach(options::add);
        }
      }
      case MountSpec.Bind bind -> {
        ArrayNode options = named(json, "bind", visible.apply(bind.source()).toString());
        options.add(bind.recursive() ? "rbind" : "bind");
        options.add("r" + bind.propagation().name().toLowerCase(Locale.ROOT));
        options(options, bind.options());
        if (bind.recursive() && bind.options().contains(MountOption.READ_ONLY)) {
          options.add("rro");
        }
      }
    }
    return json;
  }

  private static ArrayNode named(ObjectNode json, String type, String source) {
    return json.put("type", type).put("source", source).putArray("options");
  }

  private static void options(ArrayNode json, Set<MountOption> options) {
    for (MountOption option : MountOption.values()) {
      if (options.contains(option)) {
        json.add(option == MountOption.READ_ONLY ? "ro" : option.name().toLowerCase(Locale.ROOT));
      }
    }
  }
}
