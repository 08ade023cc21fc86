package io.slipway.cli.client;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A TCP connection with TLS; the daemon's certificate must be for the host that was named. */
record TlsConnection(SSLSocket socket, InputStream input, OutputStream output)
    implements Connection {

  static TlsConnection open(EngineAddress.Tls address) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            address
                .files()
                .context()
                .getSocketFactory()
                .createSocket(address.host(), address.port());
    try {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return new TlsConnection(socket, socket.getInputStream(), new Output(socket));
    } catch (SSLHandshakeException e) {
      socket.close();
      throw new IOException("TLS: " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** A daemon that refuses our certificate says so to whoever reads, and then takes no more. */
  private static final class Output extends FilterOutputStream {
    private final SSLSocket socket;

    Output(SSLSocket socket) throws IOException {
      super(socket.getOutputStream());
      this.socket = socket;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (SSLException e) {
        throw e;
      } catch (IOException e) {
        socket.getInputStream().read();
        throw e;
      }
    }
  }
}
