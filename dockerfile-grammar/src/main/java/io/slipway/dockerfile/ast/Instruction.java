package io.slipway.dockerfile.ast;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * One instruction of a Dockerfile as written. Every record starts with its {@link Header}; flags
 * stay there as text, because what they mean is decided where they are used.
 */
public sealed interface Instruction {

  /** Keyword, text, range, flags and comments. */
  Header header();

  /** From the keyword to the end of the instruction, heredoc bodies included. */
  default SourceRange range() {
    return header().range();
  }

  /** ADD or COPY: paths and here-documents put at a destination. */
  sealed interface Transfer extends Instruction permits Add, Copy {

    /** The path sources, heredocs not among them; empty if every source is a heredoc. */
    List<Word> sources();

    /** The heredoc sources, each a file of its name; taken after the path sources. */
    List<Heredoc> heredocs();

    Word destination();

    /** Whether the arguments were a JSON array; such words may hold blanks. */
    boolean jsonForm();
  }

  /** {@code ADD [flags] source... destination}. */
  record Add(
      Header header, List<Word> sources, List<Heredoc> heredocs, Word destination, boolean jsonForm)
      implements Transfer {

    public Add {
      requireAll(header, destination);
      sources = List.copyOf(sources);
      heredocs = List.copyOf(heredocs);
    }
  }

  /** {@code ARG name[=default] ...}. */
  record Arg(Header header, List<Declaration> declarations) implements Instruction {

    public Arg {
      requireAll(header);
      declarations = List.copyOf(declarations);
    }

    /**
     * One name of an ARG.
     *
     * @param name not expanded by the language, quotes included
     * @param defaultValue raw; empty for a bare name, present and empty for {@code NAME=}
     */
    public record Declaration(Word name, Optional<Word> defaultValue) {

      public Declaration {
        requireAll(name, defaultValue);
      }
    }
  }

  /** {@code CMD}. */
  record Cmd(Header header, Command command) implements Instruction {

    public Cmd {
      requireAll(header, command);
    }
  }

  /** {@code COPY [flags] source... destination}. */
  record Copy(
      Header header, List<Word> sources, List<Heredoc> heredocs, Word destination, boolean jsonForm)
      implements Transfer {

    public Copy {
      requireAll(header, destination);
      sources = List.copyOf(sources);
      heredocs = List.copyOf(heredocs);
    }
  }

  /** {@code ENTRYPOINT}. */
  record Entrypoint(Header header, Command command) implements Instruction {

    public Entrypoint {
      requireAll(header, command);
    }
  }

  /**
   * {@code ENV}.
   *
   * @param legacyForm written {@code ENV name value}; there is then exactly one pair
   */
  record Env(Header header, List<Pair> pairs, boolean legacyForm) implements Instruction {

    public Env {
      requireAll(header);
      pairs = List.copyOf(pairs);
    }
  }

  /** {@code EXPOSE port...}; each word may become several when it is expanded. */
  record Expose(Header header, List<Word> ports) implements Instruction {

    public Expose {
      requireAll(header);
      ports = List.copyOf(ports);
    }
  }

  /**
   * {@code FROM [--platform=P] image [AS name]}.
   *
   * @param as the word AS as written
   * @param name the stage's name as written; {@link #stageName()} is what it is known by
   */
  record From(Header header, Word image, Optional<Word> as, Optional<Word> name)
      implements Instruction {

    public From {
      requireAll(header, image, as, name);
    }

    /** The stage's name in lower case, as the language compares it. */
    public Optional<String> stageName() {
      return name.map(word -> word.text().toLowerCase(Locale.ROOT));
    }
  }

  /**
   * {@code HEALTHCHECK}.
   *
   * @param command what tests the container; empty for {@code HEALTHCHECK NONE}
   */
  record Healthcheck(Header header, Optional<Command> command) implements Instruction {

    public Healthcheck {
      requireAll(header, command);
    }
  }

  /**
   * {@code LABEL}.
   *
   * @param legacyForm written {@code LABEL name value}; there is then exactly one pair
   */
  record Label(Header header, List<Pair> pairs, boolean legacyForm) implements Instruction {

    public Label {
      requireAll(header);
      pairs = List.copyOf(pairs);
    }
  }

  /** {@code MAINTAINER name}; never expanded. */
  record Maintainer(Header header, Word name) implements Instruction {

    public Maintainer {
      requireAll(header, name);
    }
  }

  /**
   * {@code ONBUILD instruction}.
   *
   * @param trigger the inner instruction's raw text with its heredoc bodies, as the image's config
   *     stores it; {@code DockerfileParser.parseTrigger} reads it when it fires
   */
  record Onbuild(Header header, String trigger) implements Instruction {

    public Onbuild {
      requireAll(header, trigger);
    }
  }

  /** {@code RUN [flags] command}. */
  record Run(Header header, Command command) implements Instruction {

    public Run {
      requireAll(header, command);
    }
  }

  /** {@code SHELL ["program", "argument"...]}; at least one string. */
  record Shell(Header header, List<String> arguments) implements Instruction {

    public Shell {
      requireAll(header);
      arguments = List.copyOf(arguments);
    }
  }

  /** {@code STOPSIGNAL signal}. */
  record Stopsignal(Header header, Word signal) implements Instruction {

    public Stopsignal {
      requireAll(header, signal);
    }
  }

  /** {@code USER user[:group]}; the word is the whole rest of the line. */
  record User(Header header, Word user) implements Instruction {

    public User {
      requireAll(header, user);
    }
  }

  /** {@code VOLUME path...}. */
  record Volume(Header header, List<Word> paths, boolean jsonForm) implements Instruction {

    public Volume {
      requireAll(header);
      paths = List.copyOf(paths);
    }
  }

  /** {@code WORKDIR path}; the word is the whole rest of the line. */
  record Workdir(Header header, Word path) implements Instruction {

    public Workdir {
      requireAll(header, path);
    }
  }

  /** A {@code name=value} of ENV or LABEL; both sides raw and both are expanded. */
  record Pair(Word name, Word value) {

    public Pair {
      requireAll(name, value);
    }
  }

  private static void requireAll(Object... components) {
    for (Object component : components) {
      Objects.requireNonNull(component, "instruction component");
    }
  }
}
