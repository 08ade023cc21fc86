package io.slipway.engine.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A port with TLS before a socket without: connections that leave HTTP are handed on as kernel
 * descriptors, which an encrypted one has no use for. With TLS 1.3 each direction ends alone, as
 * docker ends every standard input; 1.2 is for clients that know no newer one.
 */
final class TlsRelay implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("io.slipway.engine.http");
  private static final int HANDSHAKE_MILLIS = 10_000;
  private static final int BUFFER_BYTES = 64 << 10;

  /** How long a client may take to close its side after the engine closed ours. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private static final int MAX_REFUSED_BYTES = 1 << 20;
  private static final int BACKLOG = 1024;

  private final ListenAddress.Tls address;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private TlsRelay(ListenAddress.Tls address, ServerSocket listener) {
    this.address = address;
    this.listener = listener;
  }

  static TlsRelay start(ListenAddress.Tls address) {
    ListenAddress.Tcp where = address.address();
    try {
      ServerSocket listener = new ServerSocket();
      try {
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(where.host(), where.port()), BACKLOG);
      } catch (IOException e) {
        listener.close();
        throw e;
      }
      TlsRelay relay = new TlsRelay(address, listener);
      Thread.ofVirtual().name("tls " + where).start(relay::accept);
      return relay;
    } catch (IOException e) {
      throw EngineServer.cannotListen(address, e);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        open.add(client);
        Thread.ofVirtual().name("tls client").start(() -> serve(client));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          LOG.log(System.Logger.Level.WARNING, "cannot accept on " + address + ": " + e);
        }
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        SSLSocket tls = secured(client);
        SocketChannel engine = SocketChannel.open(UnixDomainSocketAddress.of(address.relay()))) {
      Thread out = Thread.ofVirtual().start(() -> toClient(engine, tls, client));
      copy(tls.getInputStream(), Channels.newOutputStream(engine));
      engine.shutdownOutput();
      out.join();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, () -> "TLS connection ended: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  private SSLSocket secured(Socket client) throws IOException {
    client.setTcpNoDelay(true);
    client.setKeepAlive(true);
    client.setSoTimeout(HANDSHAKE_MILLIS);
    SSLSocket tls =
        (SSLSocket) address.context().getSocketFactory().createSocket(client, null, false);
    tls.setUseClientMode(false);
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    parameters.setNeedClientAuth(address.verifiesClients());
    tls.setSSLParameters(parameters);
    try {
      tls.startHandshake();
    } catch (SSLException e) {
      drain(client);
      throw e;
    }
    client.setSoTimeout(0);
    return tls;
  }

  /**
   * Why a client is refused is in the last bytes it is sent; closing while it still sends its
   * request would reset the connection and lose them.
   */
  private static void drain(Socket client) throws IOException {
    client.shutdownOutput();
    client.setSoTimeout((int) LINGER.toMillis());
    client.getInputStream().skipNBytes(MAX_REFUSED_BYTES);
  }

  /** The engine's answer; when it ends or the client is gone, so is the connection. */
  private static void toClient(SocketChannel engine, SSLSocket tls, Socket client) {
    try {
      copy(Channels.newInputStream(engine), tls.getOutputStream());
      tls.shutdownOutput();
      client.shutdownOutput();
      Thread.sleep(LINGER);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, () -> "TLS client is gone: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closeBoth(engine, client);
  }

  private static void closeBoth(SocketChannel engine, Socket client) {
    try (client) {
      engine.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, () -> "closing a TLS connection: " + e);
    }
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      out.write(buffer, 0, count);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket client : open) {
        client.close();
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, () -> "closing " + address + ": " + e);
    }
  }
}
