package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.cli.e2e.Shell.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What compose does with networks, step by step on Debian's dockerd and on ours: containers that
 * find each other by name, one that joins while it runs, others that must not reach them, and a new
 * daemon in between. Needs root.
 */
class NetworkParityIT {
  private static final String WEB = "busybox httpd -f -p 80 -h /www";

  /**
   * Each is run on both; exit code and standard output must be the same, but for what Docker worded
   * or ordered in another way before its release 28.
   */
  private static final List<String> STEPS =
      List.of(
          "docker network create --subnet 10.194.1.0/24 --label tier=front app | wc -c",
          "docker network create --subnet 10.194.2.0/24 --ip-range 10.194.2.128/25"
              + " --gateway 10.194.2.254 --aux-address spare=10.194.2.128 far | wc -c",
          "docker network ls --filter type=custom --format '{{.Name}} {{.Driver}} {{.Scope}}' |"
              + " sort",
          "docker network ls --filter label=tier=front -q | wc -l",
          "docker network ls --filter dangling=true --format '{{.Name}}' | sort",
          "docker network inspect app --format '{{json .IPAM}} {{.Internal}} {{json .Labels}}'"
              + " | sed 's/,\"Gateway\":\"10.194.1.1\"//'",
          "docker run -d --name db --network app --network-alias database -v /www --hostname dbhost"
              + " "
              + WEB
              + " | wc -c",
          "docker run -d --name front --network app busybox sleep 600 | wc -c",
          "docker run -d --name lone --network far busybox sleep 600 | wc -c",
          "docker exec db sh -c 'echo served > /www/page'",
          "docker exec front wget -qO- http://database/page",
          "docker exec front wget -qO- http://db/page",
          "docker exec front wget -qO- http://db.app/page",
          "docker exec front nslookup -type=a db | grep '^Address: '",
          "docker exec front nslookup 10.194.1.2 | grep 'name ='",
          "docker exec front sh -c 'grep -v ^# /etc/resolv.conf | grep -v ^$ | grep -v ^search'"
              + " | sed 's/ *edns0//; s/ *trust-ad//'",
          "docker exec db ip -4 addr show eth0 | grep -o 'inet [^ ]*'",
          "docker exec db ip route | sed 's/ *$//'",
          "docker exec lone ip -4 addr show eth0 | grep -o 'inet [^ ]*'",
          "docker exec lone ip route | head -1 | sed 's/ *$//'",
          "docker exec lone ping -c1 -W2 10.194.1.2 >/dev/null",
          "docker exec lone nslookup -type=a db >/dev/null",
          "docker network connect --alias late app lone",
          "docker exec lone wget -qO- http://database/page",
          "docker exec lone ip route | grep -c default",
          "docker exec front nslookup -type=a late | grep '^Address: '",
          "docker inspect lone --format '{{range $k, $v := .NetworkSettings.Networks}}{{$k}}"
              + " {{$v.IPAddress}}/{{$v.IPPrefixLen}} {{$v.Gateway}};{{end}}'",
          "docker network connect app lone 2>&1",
          "docker network rm far 2>&1 | grep -c 'error while removing network: network far .*has"
              + " active endpoints'",
          "docker network disconnect app lone",
          "docker network disconnect app lone 2>&1 | sed 's/[0-9a-f]\\{64\\}/ID/'",
          "docker exec lone ping -c1 -W2 10.194.1.2 >/dev/null",
          "docker run --rm --network container:db busybox wget -qO- http://127.0.0.1/page",
          "docker run --rm --network app --ip 10.194.1.77 busybox"
              + " ip addr show eth0 | grep -o -e 'inet [^ ]*'",
          "docker run --rm --network app --ip 10.194.9.9 busybox true >/dev/null 2>&1",
          "docker run --rm --add-host up:host-gateway --add-host x:1.2.3.4 --dns 9.9.9.9"
              + " --dns-search corp.example --dns-option ndots:3 busybox sh -c"
              + " 'grep -e 1.2.3.4 /etc/hosts; grep -v ^# /etc/resolv.conf | grep -v ^$'"
              + " | sort",
          "docker run -d --name linked busybox sleep 600 | wc -c",
          "docker run --rm --link linked:friend busybox ping -c1 -W2 friend >/dev/null",
          "docker network create app 2>&1",
          "docker network create bridge 2>&1",
          "docker network create --subnet 10.194.1.0/25 again 2>&1 | sed 's/invalid pool request:"
              + " //'",
          "docker network rm bridge 2>&1 | tail -1 | sed 's/^exit status 1$//'",
          "docker network create --internal --subnet 10.194.3.0/24 vault | wc -c",
          "docker run --rm --network vault busybox ping -c1 -W2 10.194.1.2 >/dev/null 2>&1",
          "docker network create -o com.docker.network.bridge.enable_icc=false"
              + " --subnet 10.194.4.0/24 shy | wc -c",
          "docker run -d --name shy1 --network shy busybox sleep 600 | wc -c",
          "docker run --rm --network shy busybox ping -c1 -W2 10.194.4.2 >/dev/null",
          "docker rename db store",
          "docker exec front wget -qO- http://store/page",
          "docker run -d --name taken -p 127.0.0.1:18180:80 busybox sleep 600 | wc -c",
          "docker run --rm -p 127.0.0.1:18180:80 busybox true 2>&1 | grep -o 'Bind for.*failed:"
              + " port is already allocated'",
          "docker rm -f shy1 linked taken",
          "docker network rm shy vault");

  /** After the daemon was ended and started again. */
  private static final List<String> AFTERWARDS =
      List.of(
          "docker network ls --filter type=custom --format '{{.Name}}' | sort",
          "docker start store front lone",
          "docker exec front wget -qO- http://database/page",
          "docker exec lone ping -c1 -W2 10.194.1.2 >/dev/null",
          "docker network connect app lone",
          "docker exec lone wget -qO- http://store/page",
          "docker rm -fv store front lone",
          "docker network prune -f | sort");

  @TempDir static Path temp;
  private static PeerDockerd peer;
  private static SlipwayDaemon ours;
  private static Shell theirShell;

  @BeforeAll
  static void startBoth() throws IOException {
    peer = PeerDockerd.withNetworks(temp.resolve("peer"));
    theirShell = peer.shell(temp);
    ours = new SlipwayDaemon(temp.resolve("ours"), SlipwayDaemon.Network.numbered(5));
    ours.importBase("busybox");
    Shell shell = peer.shell(SlipwayDaemon.ROOT);
    String tar = shell.run("samples/make-base", "busybox").text().strip();
    shell.run("docker", "import", tar, "busybox:latest").text();
  }

  @AfterAll
  static void stopBoth() throws IOException {
    try (PeerDockerd theirs = peer;
        SlipwayDaemon mine = ours) {
      assertThat(theirs).isNotNull();
      assertThat(Leftovers.of(mine)).isEmpty();
    }
  }

  private record Outcome(String step, int code, String out) {
    static Outcome of(Shell shell, String step) {
      Result result = shell.sh(step);
      return new Outcome(step, result.exitCode(), result.out());
    }
  }

  @Test
  void networksBehaveAsDockers() throws IOException {
    List<Outcome> theirs = new ArrayList<>();
    List<Outcome> mine = new ArrayList<>();
    run(STEPS, theirs, mine);
    restart();
    run(AFTERWARDS, theirs, mine);
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < theirs.size(); i++) {
      if (!mine.get(i).equals(theirs.get(i))) {
        differences.add("%n  dockerd: %s%n  ours:    %s".formatted(theirs.get(i), mine.get(i)));
      }
    }
    assertThat(differences).isEmpty();
  }

  private static void run(List<String> steps, List<Outcome> theirs, List<Outcome> mine) {
    Shell shell = ours.shell(temp);
    for (String step : steps) {
      theirs.add(Outcome.of(theirShell, step));
      mine.add(Outcome.of(shell, step));
    }
  }

  /** Ours anew; dockerd's containers are stopped, as its end would do. */
  private static void restart() {
    theirShell.sh("docker stop -t 0 store front lone").text();
    ours.shell(temp).sh("docker stop -t 0 store front lone").text();
    ours.process().close();
    ours.start();
  }
}
