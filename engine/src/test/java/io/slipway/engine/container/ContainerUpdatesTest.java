package io.slipway.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.engine.model.HostConfig;
import io.slipway.engine.model.UpdateRequest;
import io.slipway.engine.state.ContainerRecord;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerUpdatesTest {
  private static HostConfig check(String host, String request) throws IOException {
    ContainerRecord record = TestRecords.record("{}", host);
    UpdateRequest asked = TestRecords.json(request, UpdateRequest.class);
    HostConfig changed = ContainerUpdates.merged(record.hostConfig(), asked);
    ContainerUpdates.check(record, changed, asked);
    return changed;
  }

  @Test
  void changesOnlyWhatIsGiven() throws IOException {
    HostConfig changed =
        check(
            "{'Binds':['/a:/b'],'Memory':8000000,'MemorySwap':16000000,'CpuShares':7,"
                + "'PidsLimit':5,'RestartPolicy':{'Name':'always'},'CpusetCpus':'0'}",
            "{'Memory':9000000,'CpuShares':0,'CpusetCpus':'','PidsLimit':null,"
                + "'RestartPolicy':{'Name':'','MaximumRetryCount':0},'Ulimits':null}");
    assertThat(changed.memory()).isEqualTo(9000000);
    assertThat(changed.memorySwap()).isEqualTo(16000000);
    assertThat(changed.cpuShares()).isEqualTo(7);
    assertThat(changed.pidsLimit()).isEqualTo(5);
    assertThat(changed.cpusetCpus()).isEqualTo("0");
    assertThat(changed.restartPolicy().name()).isEqualTo("always");
    assertThat(changed.binds()).containsExactly("/a:/b");
  }

  @Test
  void takesAnotherPolicyWhole() throws IOException {
    HostConfig changed =
        check(
            "{'RestartPolicy':{'Name':'on-failure','MaximumRetryCount':3}}",
            "{'RestartPolicy':{'Name':'unless-stopped','MaximumRetryCount':0}}");
    assertThat(changed.restartPolicy())
        .isEqualTo(new HostConfig.RestartPolicy("unless-stopped", 0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'CpuQuota':5000}|{'NanoCpus':1}|Nano CPUs cannot be updated as CPU Period/Quota",
        "{'NanoCpus':1}|{'CpuPeriod':5000}|CPU Period cannot be updated as NanoCPUs",
        "{'NanoCpus':1}|{'CpuQuota':5000}|CPU Quota cannot be updated as NanoCPUs",
        "{'Memory':8000000,'MemorySwap':16000000}|{'Memory':20000000}|smaller than already set",
        "{'AutoRemove':true}|{'RestartPolicy':{'Name':'always'}}|because AutoRemove is enabled",
        "{}|{'RestartPolicy':{'Name':'x'}}|invalid restart policy: unknown policy 'x'",
        "{}|{'Memory':4096}|Minimum memory limit allowed is 6MB"
      })
  void refuses(String host, String request, String message) {
    assertThatThrownBy(() -> check(host, request)).hasMessageContaining(message);
  }
}
