package io.slipway.cli.client;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A daemon on another machine, through the user's own {@code ssh}: the standard input and output of
 * {@code system dial-stdio} there, of whichever program the machine has.
 */
record SshConnection(Process process) implements Connection {
  static SshConnection open(EngineAddress.Ssh address) throws IOException {
    return new SshConnection(new ProcessBuilder(command(address)).start());
  }

  /** As docker's own client calls it, up to what runs on the other machine. */
  static List<String> command(EngineAddress.Ssh address) {
    List<String> command = new ArrayList<>(List.of("ssh", "-o", "ConnectTimeout=30", "-T"));
    URI uri = address.uri();
    if (uri.getUserInfo() != null) {
      command.addAll(List.of("-l", uri.getUserInfo()));
    }
    if (uri.getPort() > 0) {
      command.addAll(List.of("-p", Integer.toString(uri.getPort())));
    }
    String socket = uri.getPath().isEmpty() ? "" : "-H unix://" + uri.getPath() + " ";
    String remote =
        "sh -c 'for p in slipway docker; do command -v $p >/dev/null && exec $p %ssystem"
            + " dial-stdio; done; echo neither slipway nor docker is on the PATH there >&2; exit"
            + " 127'";
    command.addAll(List.of("--", uri.getHost(), remote.formatted(socket)));
    return command;
  }

  @Override
  public InputStream input() {
    return new Answer(process);
  }

  @Override
  public OutputStream output() {
    return new Unbuffered(process);
  }

  @Override
  public void endOutput() throws IOException {
    process.getOutputStream().close();
  }

  @Override
  public void close() {
    process.destroy();
  }

  /** The JDK puts a buffer before what a process reads. */
  private static final class Unbuffered extends FilterOutputStream {
    private final Process process;

    Unbuffered(Process process) {
      super(process.getOutputStream());
      this.process = process;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
        out.flush();
      } catch (IOException e) {
        throw ended(process);
      }
    }
  }

  private static IOException ended(Process process) throws IOException {
    byte[] said = process.getErrorStream().readAllBytes();
    return new IOException(
        "ssh ended before the daemon answered: "
            + new String(said, StandardCharsets.UTF_8).strip());
  }

  /** When ssh ends without an answer, what it said is the reason. */
  private static final class Answer extends FilterInputStream {
    private final Process process;
    private boolean begun;

    Answer(Process process) {
      super(process.getInputStream());
      this.process = process;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = super.read(target, offset, length);
      if (count < 0 && !begun) {
        throw ended(process);
      }
      begun |= count > 0;
      return count;
    }
  }
}
