package dev.decant.host;

import dev.decant.exec.Result;
import dev.decant.lab.Lab;
import dev.decant.lab.LabLog;
import dev.decant.lab.Suite;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/// The contract over ssh, as the deploy user of a host that was set up.
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SshHostTest implements HostContract {

    private final Lab lab;
    private final SetUp host;

    SshHostTest() throws InterruptedException {
        lab = Lab.open(LabLog.nop());
        host = SetUp.of(lab.boot("web1", Suite.BOOKWORM), UNIT, 4000);
    }

    @AfterAll
    void close() {
        lab.close();
    }

    @BeforeEach
    void empty() throws InterruptedException {
        host.root("cd /srv/" + UNIT + " && rm -rf releases/* releases/.[a-z0-9]* incoming/*");
    }

    @Override
    public Transport transport() {
        return host.transport(SetUp.DEPLOY);
    }

    @Override
    public Transport named(String unit) {
        return new SetUp(host.machine(), unit, 4000).transport(SetUp.DEPLOY);
    }

    @Override
    public Result look(String script) throws InterruptedException {
        return host.root("R=; export LC_ALL=C; " + script);
    }
}
