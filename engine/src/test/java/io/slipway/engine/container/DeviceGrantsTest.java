package io.slipway.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.engine.model.HostConfig;
import io.slipway.runtime.cgroup.BlockIoSupport;
import io.slipway.runtime.spec.DeviceNode;
import io.slipway.runtime.spec.Resources.DeviceRule;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request says of devices, with those that every machine has. */
class DeviceGrantsTest {
  private static HostConfig host(String json) throws IOException {
    return TestRecords.json(json, HostConfig.class);
  }

  @Test
  void aDeviceUnderAnotherName() throws IOException {
    DeviceGrants grants =
        DeviceGrants.of(
            host(
                "{'Devices':[{'PathOnHost':'/dev/full','PathInContainer':'/dev/x','CgroupPermissions':'r'}]}"));
    assertThat(grants.nodes().getFirst().path()).isEqualTo("/dev/x");
    assertThat(grants.nodes().getFirst().type()).isEqualTo(DeviceNode.Type.CHARACTER);
    assertThat(grants.rules())
        .containsExactly(new DeviceRule(true, 'c', OptionalLong.of(1), OptionalLong.of(7), "r"));
  }

  @Test
  void everythingIsWrittenAsBothKinds() {
    assertThat(DeviceGrants.parse("a 7:* rw"))
        .containsExactly(
            new DeviceRule(true, 'c', OptionalLong.of(7), OptionalLong.empty(), "rw"),
            new DeviceRule(true, 'b', OptionalLong.of(7), OptionalLong.empty(), "rw"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"z", "c 1:3 z", "c 1 rwm", "c 1:3 rwmr", " c 1:3 r", "c 1:-3 r"})
  void refusesRules(String rule) {
    assertThatThrownBy(() -> DeviceGrants.of(host("{'DeviceCgroupRules':['" + rule + "']}")))
        .hasMessage("invalid device cgroup rule format: '" + rule + "'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'Devices':[{'PathOnHost':'/no/such'}]}|error gathering device information while adding"
            + " custom device \"/no/such\": no such file or directory",
        "{'Devices':[{'PathOnHost':'/proc/version'}]}|error gathering device information while"
            + " adding custom device \"/proc/version\": not a device node",
        "{'Devices':[{'PathOnHost':'/proc/net'}]}|error gathering device information while"
            + " adding custom device \"/proc/net\": not a device node",
        "{'Devices':[{'PathOnHost':'/dev/null','PathInContainer':'x'}]}|x is not an absolute path",
        "{'BlkioDeviceReadBps':[{'Path':'/no/such','Rate':1}]}|stat /no/such: no such file or"
            + " directory",
        "{'DeviceRequests':[{'Driver':'','Count':-1,'Capabilities':[['gpu']]}]}|could not select"
            + " device driver \"\" with capabilities: [[gpu]]"
      })
  void refusesInDockersWords(String request, String message) {
    assertThatThrownBy(() -> DeviceGrants.of(host(request))).hasMessage(message);
  }

  private record Limits(List<String> controllers, BlockIoSupport blockIo)
      implements LimitRules.Support {}

  @Test
  void withoutCgroupsLimitsAreTakenOutWithDockersWarnings() throws IOException {
    HostConfig asked =
        host(
            "{'Memory':1000000,'MemorySwap':2000000,'MemoryReservation':5,'OomKillDisable':true,"
                + "'PidsLimit':7,'CpuShares':3,'CpuQuota':1000,'CpusetCpus':'0'}");
    LimitRules.Kept kept =
        LimitRules.apply(asked, new Limits(List.of(), new BlockIoSupport(false, false, false)));
    assertThat(kept.host()).isEqualTo(host("{}"));
    assertThat(kept.warnings())
        .containsExactly(
            "Your kernel does not support memory limit capabilities or the cgroup is not mounted."
                + " Limitation discarded.",
            "Your kernel does not support memory soft limit capabilities or the cgroup is not"
                + " mounted. Limitation discarded.",
            "Your kernel does not support OomKillDisable. OomKillDisable discarded.",
            "Your kernel does not support PIDs limit capabilities or the cgroup is not mounted."
                + " PIDs limit discarded.",
            "Your kernel does not support CPU shares or the cgroup is not mounted. Shares"
                + " discarded.",
            "Your kernel does not support CPU CFS scheduler. CPU period/quota discarded.",
            "Your kernel does not support cpuset or the cgroup is not mounted. Cpuset discarded.");
    List<String> all = List.of("cpu", "cpuset", "memory", "pids");
    assertThat(
            LimitRules.apply(asked, new Limits(all, new BlockIoSupport(true, true, true)))
                .warnings())
        .isEmpty();
    HostConfig cpus = host("{'NanoCpus':500000000}");
    assertThatThrownBy(() ->
            LimitRules.apply(cpus, new Limits(List.of(), new BlockIoSupport(false, false, false))))
        .hasMessage(
            "NanoCPUs can not be set, as your kernel does not support CPU CFS scheduler or the"
                + " cgroup is not mounted");
  }

  @Test
  void whatTheKernelDoesNotKnowIsTakenOutWithAWarning() throws IOException {
    HostConfig asked =
        host(
            "{'BlkioWeight':5,'BlkioWeightDevice':[{'Path':'/dev/x','Weight':7}],'BlkioDeviceWriteIOps':[{'Path':'/dev/x','Rate':7}]}");
    LimitRules.Kept kept =
        LimitRules.apply(asked, new Limits(List.of(), new BlockIoSupport(false, false, false)));
    assertThat(kept.host().blkioWeight()).isZero();
    assertThat(kept.host().blkioWeightDevice()).isEmpty();
    assertThat(kept.host().blkioDeviceWriteIops()).isEmpty();
    assertThat(kept.warnings())
        .containsExactly(
            "Your kernel does not support Block I/O weight or the cgroup is not mounted. Weight"
                + " discarded.",
            "Your kernel does not support Block I/O weight_device or the cgroup is not mounted."
                + " Weight-device discarded.",
            "Your kernel does not support IOPS Block I/O write limit or the cgroup is not mounted."
                + " Block I/O IOPS write limit discarded.");
    assertThatThrownBy(() ->
            LimitRules.apply(asked, new Limits(List.of(), new BlockIoSupport(true, true, true))))
        .hasMessage("range of blkio weight is from 10 to 1000");
  }
}
