package io.slipway.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameFilesTest {
  @Test
  void copiesTheHostsServersWithoutLoopbackOnes() {
    ResolvConf host =
        ResolvConf.parse(
            """
            # made by someone
            ; old style comment
            nameserver 127.0.0.53
            nameserver\t192.0.2.1 # trailing
            nameserver 2001:db8::1
            nameserver ::1
            domain first.example
            search corp.example lan
            options ndots:2 timeout:1
            options rotate
            sortlist 130.155.160.0
            nameserver
            """);
    assertThat(host.forOwnNamespace().text())
        .isEqualTo(
            """
            nameserver 192.0.2.1
            nameserver 2001:db8::1
            search corp.example lan
            options ndots:2 timeout:1 rotate
            """);
    assertThat(host.nameservers()).as("the host's network keeps them").contains("127.0.0.53");
  }

  @Test
  void looksBehindTheStubOfSystemdResolved(@TempDir Path directory) throws IOException {
    Path usual = directory.resolve("resolv.conf");
    Path upstream = Files.writeString(directory.resolve("up.conf"), "nameserver 192.0.2.7\n");
    assertThat(ResolvConf.ofHost(usual, upstream).nameservers()).isEmpty();
    Files.writeString(usual, "nameserver 127.0.0.53\nsearch lan\n");
    assertThat(ResolvConf.ofHost(usual, upstream).nameservers()).containsExactly("192.0.2.7");
    Files.writeString(usual, "nameserver 192.0.2.1\n");
    assertThat(ResolvConf.ofHost(usual, upstream).nameservers()).containsExactly("192.0.2.1");
  }

  @Test
  void publicServersStandInForNone() {
    assertThat(ResolvConf.parse("nameserver 127.0.0.1\n").forOwnNamespace().text())
        .isEqualTo("nameserver 8.8.8.8\nnameserver 8.8.4.4\n");
  }

  @Test
  void theUsersValuesReplaceTheHosts() {
    ResolvConf host = ResolvConf.parse("nameserver 192.0.2.1\nsearch lan\noptions ndots:2\n");
    assertThat(host.overriddenBy(List.of("1.1.1.1"), List.of(), List.of()).text())
        .isEqualTo("nameserver 1.1.1.1\nsearch lan\noptions ndots:2\n");
    assertThat(host.overriddenBy(List.of(), List.of("."), List.of("edns0")).text())
        .as("a lone dot means no search list")
        .isEqualTo("nameserver 192.0.2.1\noptions edns0\n");
  }

  @Test
  void hostsAsDockerWritesThem() {
    HostsFile hosts =
        HostsFile.standard()
            .with("10.0.0.9", List.of("db"))
            .with("172.17.0.2", List.of("web.corp", "web"));
    assertThat(hosts.text())
        .isEqualTo(
            """
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::\tip6-localnet
            ff00::\tip6-mcastprefix
            ff02::1\tip6-allnodes
            ff02::2\tip6-allrouters
            10.0.0.9\tdb
            172.17.0.2\tweb.corp web
            """);
  }
}
