package io.slipway.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetlinkMessageTest {
  @Test
  void lengthsPaddingAndNesting() {
    byte[] bytes =
        new NetlinkMessage("test", 0x10, NetlinkMessage.ACK)
            .u32(0x01020304)
            .attribute(3, "ab")
            .begin(18)
            .byteAttribute(1, 7)
            .bigAttribute(2, 1)
            .end()
            .bytes(5);
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "30000000"
                + "1000"
                + "0500"
                + "05000000"
                + "00000000" // header
                + "04030201"
                + "0700"
                + "0300"
                + "616200"
                + "00" // string, padded
                + "1400"
                + "1280" // nested, with its mark
                + "0500"
                + "0100"
                + "07000000"
                + "0800"
                + "0200"
                + "00000001");
  }

  @Test
  void anOpenAttributeIsAMistakeOfOurs() {
    assertThatThrownBy(() -> new NetlinkMessage("test", 1, 0).begin(1).bytes(1))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void readsAttributesBackAndStopsAtGarbage() {
    byte[] bytes =
        new NetlinkMessage("test", 1, 0).attribute(3, "eth0").attribute(4, 1500).bytes(1);
    byte[] body = Arrays.copyOfRange(bytes, NetlinkMessage.HEADER_BYTES, bytes.length + 3);
    body[body.length - 3] = 2;
    Map<Integer, byte[]> read = new NetlinkReply(1, 1, body).attributes(0);
    assertThat(read).hasSize(2);
    assertThat(NetlinkReply.text(read.get(3))).isEqualTo("eth0");
  }
}
