package io.slipway.registry.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.model.Digest;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class HotBytesTest {

  private static Digest digest(int i) {
    return Digest.of(ByteBuffer.allocate(4).putInt(i).array());
  }

  @Test
  void theLeastRecentlyUsedGoesFirst() {
    HotBytes hot = new HotBytes(10_000);
    for (int i = 0; i < 8; i++) {
      hot.put(digest(i), new byte[1_000]);
    }
    assertThat(hot.get(digest(0))).isPresent();
    hot.put(digest(8), new byte[1_000]);
    assertThat(hot.get(digest(0))).isPresent();
    assertThat(hot.get(digest(1))).isEmpty();
    assertThat(hot.get(digest(8))).isPresent();
  }

  @Test
  void contentThatWouldTakeTooMuchIsNotKept() {
    HotBytes hot = new HotBytes(10_000);
    hot.put(digest(1), new byte[2_000]);
    assertThat(hot.get(digest(1))).isEmpty();
  }
}
