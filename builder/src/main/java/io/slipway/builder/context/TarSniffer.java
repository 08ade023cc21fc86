package io.slipway.builder.context;

import io.slipway.image.codec.Decompression;
import java.io.IOException;
import java.io.InputStream;

/** Tells whether a file is a tar archive, whatever it is compressed with, by what it holds. */
public final class TarSniffer {
  private static final int BLOCK = 512;
  private static final int CHECKSUM = 148;
  private static final int CHECKSUM_LENGTH = 8;

  private TarSniffer() {}

  /** Reads the beginning of the stream; a compression that is damaged is no archive. */
  public static boolean isTar(InputStream file) throws IOException {
    byte[] head;
    try (InputStream content = Decompression.open(file)) {
      head = content.readNBytes(BLOCK);
    } catch (java.util.zip.ZipException | java.io.EOFException e) {
      return false;
    }
    return head.length == BLOCK && sum(head) == stored(head);
  }

  /** The sum of the header's bytes, those of the checksum itself taken as blanks. */
  private static long sum(byte[] head) {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean inChecksum = i >= CHECKSUM && i < CHECKSUM + CHECKSUM_LENGTH;
      sum += inChecksum ? ' ' : head[i] & 0xff;
    }
    return sum;
  }

  private static long stored(byte[] head) {
    long value = 0;
    boolean digits = false;
    for (int i = CHECKSUM; i < CHECKSUM + CHECKSUM_LENGTH; i++) {
      int c = head[i];
      if (c >= '0' && c <= '7') {
        value = value * 8 + (c - '0');
        digits = true;
      } else if (c != ' ' && c != 0) {
        return -1;
      }
    }
    return digits ? value : -1;
  }
}
