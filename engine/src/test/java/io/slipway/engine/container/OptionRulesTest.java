package io.slipway.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.engine.model.Config;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a create request is refused for: the JSON and the sentence. */
class OptionRulesTest {
  private static void check(String host, String config) throws IOException {
    HostConfig hostConfig = Json.read(host.getBytes(StandardCharsets.UTF_8), HostConfig.class);
    Config asked = Json.read(config.getBytes(StandardCharsets.UTF_8), Config.class);
    OptionRules.check(asked, hostConfig);
    SecurityCompiler.check(hostConfig, false);
    SecurityCompiler.capabilities(hostConfig);
    UserRules.check(hostConfig, Optional.empty());
    ResourceCompiler.rlimits(hostConfig);
    MountParser.plan(asked, hostConfig);
    PortParser.bindings(asked, hostConfig, Optional.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'RestartPolicy':{'Name':'sometimes'}}|invalid restart policy: unknown policy 'sometimes'",
        "{'RestartPolicy':{'Name':'always','MaximumRetryCount':1}}|can only be used with"
            + " 'on-failure'",
        "{'RestartPolicy':{'Name':'on-failure','MaximumRetryCount':-1}}|count cannot be negative",
        "{'RestartPolicy':{'Name':'always'},'AutoRemove':true}|can't create 'AutoRemove' container"
            + " with restart policy",
        "{'UsernsMode':'keep'}|invalid user namespace mode: keep",
        "{'Devices':[{'PathOnHost':'/dev/fuse','CgroupPermissions':'rx'}]}|bad mode specified: rx",
        "{'BlkioDeviceReadBps':[{'Path':'/dev/sda','Rate':-1}]}|rate of a device cannot be"
            + " negative",
        "{'LogConfig':{'Type':'journald'}}|log driver 'journald' is not supported",
        "{'LogConfig':{'Type':'json-file','Config':{'max':'1m'}}}|unknown log opt 'max'",
        "{'Memory':4194304}|Minimum memory limit allowed is 6MB",
        "{'MemorySwap':100}|You should always set the Memory limit when using Memoryswap limit",
        "{'Memory':10485760,'MemorySwap':100}|Minimum memoryswap limit should be larger",
        "{'NanoCpus':1,'CpuQuota':5}|Nano CPUs and CPU Period or Quota cannot both be set",
        "{'ShmSize':-1}|SHM size can not be less than 0",
        "{'OomScoreAdj':1001}|range for oom score adj is [-1000, 1000]",
        "{'CapAdd':['FOO']}|invalid CapAdd: unknown capability: \"CAP_FOO\"",
        "{'CapDrop':['cap_x']}|invalid CapDrop: unknown capability: \"CAP_X\"",
        "{'SecurityOpt':['apparmor=x']}|apparmor profile \"x\" cannot be applied, because this host"
            + " has no AppArmor",
        "{'SecurityOpt':['apparmor']}|invalid --security-opt 2: \"apparmor\"",
        "{'SecurityOpt':['label=type:x']}|--security-opt label=type:x is not supported yet",
        "{'SecurityOpt':['nope']}|invalid --security-opt 2: \"nope\"",
        "{'Ulimits':[{'Name':'x'}]}|invalid ulimit type: x",
        "{'Ulimits':[{'Name':'nofile','Soft':2,'Hard':1}]}|ulimit soft limit must be less than",
        "{'Binds':['a']}|invalid volume specification: 'a'",
        "{'Binds':['/a:b']}|invalid mount path: 'b' mount path must be absolute",
        "{'Binds':['/a:/b:nope']}|invalid mode: nope",
        "{'Binds':['/a:/']}|destination can't be '/'",
        "{'Binds':['/a:/b','/c:/b/']}|Duplicate mount point: /b",
        "{'Mounts':[{'Type':'bind','Source':'x','Target':'/t'}]}|mount path must be absolute",
        "{'Mounts':[{'Type':'image','Target':'/t'}]}|field Source must not be empty",
        "{'Mounts':[{'Type':'image','Source':'x','Target':'/t','ImageOptions':{'Subpath':'a/../..'}}]}|subpath"
            + " must be a relative path within the image",
        "{'Mounts':[{'Type':'volume','Source':'x','Target':'/t','VolumeOptions':{'Subpath':'/a'}}]}|subpath"
            + " must be a relative path within the volume",
        "{'Mounts':[{'Type':'tmpfs','Target':'/t','TmpfsOptions':{'Options':[['evil']]}}]}|invalid"
            + " tmpfs option",
        "{'Mounts':[{'Type':'zz','Target':'/t'}]}|mount type unknown",
        "{'Tmpfs':{'/t':'evil=1'}}|invalid tmpfs option: \"evil=1\"",
        "{'PortBindings':{'x':[]}}|invalid port specification: \"x\"",
        "{'PortBindings':{'80/dccp':[]}}|invalid proto: dccp",
        "{'PortBindings':{'80/tcp':[{'HostIp':'::x'}]}}|invalid IPv6 address: ::x",
        "{'PortBindings':{'80/tcp':[{'HostPort':'70000'}]}}|invalid hostPort: 70000",
        "{'PortBindings':{'80/tcp':[{'HostPort':'5-1'}]}}|invalid hostPort: 5-1"
      })
  void refuses(String host, String message) {
    assertThatThrownBy(() -> check(host.replace('\'', '"'), "{}")).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'WorkingDir':'x'}|the working directory 'x' is invalid",
        "{'StopSignal':'NOPE'}|invalid signal: NOPE",
        "{'StopTimeout':-2}|invalid stop timeout: -2"
      })
  void refusesConfigs(String config, String message) {
    assertThatThrownBy(() -> check("{}", config.replace('\'', '"'))).hasMessageContaining(message);
  }

  /** docker-java sends null for nearly everything; docker sends zeros. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{}",
        "{'Binds':null,'LogConfig':null,'RestartPolicy':null,'Memory':null,'PidsLimit':null,'Init':null,'Ulimits':null,'Mounts':null,'ConsoleSize':null,'PortBindings':null}",
        "{'MemorySwappiness':-1,'OomKillDisable':false,'PidsLimit':0,'RestartPolicy':{'Name':''},'LogConfig':{'Type':'','Config':{}},'Isolation':'default','Runtime':'','VolumeDriver':'local'}",
        "{'PortBindings':{'80':[{'HostIp':'','HostPort':''}],'53/udp':null}}",
        "{'SecurityOpt':['no-new-privileges','seccomp=unconfined','label=disable','apparmor=unconfined']}",
        "{'RestartPolicy':{'Name':'on-failure','MaximumRetryCount':3},'Init':true}",
        "{'UnknownField':{'x':1}}"
      })
  void accepts(String host) {
    assertThatCode(() -> check(host.replace('\'', '"'), "{'Cmd':'true'}".replace('\'', '"')))
        .doesNotThrowAnyException();
  }

  @Test
  void aProfileIsAppliedWhereTheHostHasAppArmor() throws IOException {
    HostConfig host = TestRecords.json("{'SecurityOpt':['apparmor=mine']}", HostConfig.class);
    SecurityCompiler.check(host, true);
    Config config = TestRecords.json("{'Cmd':['true']}", Config.class);
    assertThat(SpecCompiler.process(config, host).appArmor()).contains("mine");
    HostConfig none = TestRecords.json("{'SecurityOpt':['apparmor:unconfined']}", HostConfig.class);
    assertThat(SpecCompiler.process(config, none).appArmor()).isEmpty();
  }
}
