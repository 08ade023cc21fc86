package io.slipway.testing;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The size limits of ARCHITECTURE.md section 9, measured on the syntax trees: 600 lines a file, 60
 * a method unless it is a table (one statement), 7 abstract methods an interface.
 */
final class SourceSizes {
  private static final int FILE_LINES = 600;
  private static final int METHOD_LINES = 60;
  private static final int INTERFACE_METHODS = 7;

  private SourceSizes() {}

  static List<String> violations(List<Path> sources) throws IOException {
    if (sources.isEmpty()) {
      return List.of();
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> found = new ArrayList<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  diagnostic -> {},
                  List.of("--release", "25", "-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        new Measure(unit, positions, found).scan(unit, null);
      }
    }
    return found;
  }

  private static final class Measure extends TreePathScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<String> found;

    Measure(CompilationUnitTree unit, SourcePositions positions, List<String> found) {
      this.unit = unit;
      this.positions = positions;
      this.found = found;
      check("file", name(), lines(unit), FILE_LINES);
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      if (!isTable(method.getBody())) {
        check("method " + method.getName(), name(), lines(method), METHOD_LINES);
      }
      return super.visitMethod(method, unused);
    }

    @Override
    public Void visitClass(ClassTree type, Void unused) {
      if (type.getKind() == Tree.Kind.INTERFACE) {
        long methods =
            type.getMembers().stream()
                .filter(m -> m instanceof MethodTree method && isAbstract(method))
                .count();
        if (methods > INTERFACE_METHODS) {
          found.add(
              name() + ": interface " + type.getSimpleName() + " has " + methods + " methods");
        }
      }
      return super.visitClass(type, unused);
    }

    private static boolean isAbstract(MethodTree method) {
      return method.getBody() == null
          && !method.getModifiers().getFlags().contains(Modifier.STATIC);
    }

    private static boolean isTable(BlockTree body) {
      if (body == null) {
        return true;
      }
      List<? extends StatementTree> statements = body.getStatements();
      return statements.size() <= 1;
    }

    private void check(String what, String file, long lines, int limit) {
      if (lines > limit) {
        found.add(file + ": " + what + " has " + lines + " lines, the limit is " + limit);
      }
    }

    private String name() {
      return Path.of(unit.getSourceFile().toUri()).toString();
    }

    private long lines(Tree tree) {
      var map = unit.getLineMap();
      long end = map.getLineNumber(positions.getEndPosition(unit, tree));
      return end - map.getLineNumber(positions.getStartPosition(unit, tree)) + 1;
    }
  }
}
