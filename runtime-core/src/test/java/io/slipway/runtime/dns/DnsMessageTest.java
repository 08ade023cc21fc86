package io.slipway.runtime.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnsMessageTest {
  /** Id 0xbeef, recursion desired, one question. */
  private static final String HEAD = "beef01000001000000000000";

  private static byte[] query(String name, int type) {
    StringBuilder hex = new StringBuilder(HEAD);
    for (String label : name.split("\\.")) {
      hex.append("%02x".formatted(label.length()))
          .append(HexFormat.of().formatHex(label.getBytes(StandardCharsets.US_ASCII)));
    }
    return HexFormat.of().parseHex(hex + "00%04x0001".formatted(type));
  }

  private static DnsQuestion question(String name, int type) {
    return DnsQuestion.parse(query(name, type)).orElseThrow();
  }

  @Test
  void readsAQuestion() {
    DnsQuestion question = question("Web.mynet", DnsQuestion.A);
    assertThat(question.name()).isEqualTo("Web.mynet");
    assertThat(question.type()).isEqualTo(DnsQuestion.A);
    assertThat(question.internet()).isTrue();
    assertThat(question.limit()).isEqualTo(512);
  }

  @Test
  void readsHowMuchTheClientTakes() {
    byte[] plain = query("web", DnsQuestion.A);
    byte[] message =
        HexFormat.of()
            .parseHex(
                HexFormat.of().formatHex(plain) + "00" + "0029" + "04d0" + "00000000" + "0000");
    assertThat(DnsQuestion.parse(message).orElseThrow().limit()).isEqualTo(1232);
    assertThat(DnsQuestion.parse(message).orElseThrow().head()).isEqualTo(plain);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "beef",
        "beef81000001000000000000037765620000010001",
        "beef09000001000000000000037765620000010001",
        "beef01000000000000000000",
        "beef01000002000000000000037765620000010001",
        "beef0100000100000000000003776562",
        "beef010000010000000000000377656200000100",
        "beef01000001000000000000c00c00010001",
        "beef010000010000000000004077656200010001"
      })
  void whatIsNoOrdinaryQuestionIsNone(String hex) {
    assertThat(DnsQuestion.parse(HexFormat.of().parseHex(hex))).isEmpty();
  }

  @Property(tries = 500)
  void anyBytesAreReadOrRefused(@ForAll byte[] bytes) {
    assertThat(DnsQuestion.parse(bytes)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "2.0.18.172.in-addr.arpa, 172.18.0.2",
    "2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.IP6.ARPA, fd00:0:0:1:0:0:0:2"
  })
  void readsAddressesOfReverseQuestions(String name, String address) {
    assertThat(question(name, DnsQuestion.PTR).reverse().orElseThrow().getHostAddress())
        .isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"web", "1.2.in-addr.arpa", "x.0.18.172.in-addr.arpa", "1.ip6.arpa"})
  void otherNamesMeanNoAddress(String name) {
    assertThat(question(name, DnsQuestion.PTR).reverse()).isEmpty();
  }

  @Test
  void writesAddresses() throws Exception {
    byte[] answer =
        DnsAnswer.addresses(
            question("web", DnsQuestion.A), List.of(InetAddress.getByName("172.18.0.2")), 512);
    assertThat(HexFormat.of().formatHex(answer))
        .isEqualTo(
            "beef81800001000100000000"
                + "03776562"
                + "00"
                + "00010001"
                + "c00c00010001"
                + "00000258"
                + "0004"
                + "ac120002");
    assertThat(DnsAnswer.answers(question("web", DnsQuestion.A), answer)).isTrue();
    assertThat(DnsAnswer.answers(question("web", DnsQuestion.A), query("web", 1))).isFalse();
  }

  @Test
  void anAnswerThatIsTooLongSaysSo() throws Exception {
    List<InetAddress> many = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      many.add(InetAddress.getByName("172.18.0." + i));
    }
    byte[] answer = DnsAnswer.addresses(question("web", DnsQuestion.A), many, 512);
    assertThat(answer.length).isBetween(480, 512);
    assertThat(answer[2] & 2).as("truncated").isEqualTo(2);
    assertThat(answer[7]).isEqualTo((byte) ((answer.length - 21) / 16));
  }

  @Test
  void writesNamesAndFailures() {
    DnsQuestion question = question("2.0.18.172.in-addr.arpa", DnsQuestion.PTR);
    assertThat(HexFormat.of().formatHex(DnsAnswer.name(question, "web.net")))
        .endsWith("c00c000c0001" + "00000258" + "0009" + "0377656203" + "6e657400");
    assertThat(DnsAnswer.result(DnsAnswer.failure(question, DnsAnswer.SERVER_FAILURE)))
        .isEqualTo(2);
  }
}
