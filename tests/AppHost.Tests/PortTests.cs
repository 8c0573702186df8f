using System.Net;
using System.Net.Sockets;
using CloudTicks.AppHost.Local.CommandLine;
using CloudTicks.AppHost.Local.Lines;
using CloudTicks.AppHost.Local.Running;
using CloudTicks.LocalServices.Processes;

namespace AppHost.Tests;

public sealed class PortTests : IDisposable
{
    private readonly StringWriter _output = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Port_taken_at_the_last_moment_is_replaced_and_reported()
    {
        using var lines = Lines();
        using var environment = Environment(lines);
        TcpListener? thief = null;
        var triedPorts = new List<int>();

        await environment.StartOnPortsAsync(
            "collector",
            [("collector", FreePort.Choose())],
            ports =>
            {
                triedPorts.Add(ports[0]);
                if (triedPorts.Count > 1)
                {
                    return Task.CompletedTask;
                }

                thief = new TcpListener(IPAddress.Loopback, ports[0]);
                thief.Start();
                throw new LocalRunException("collector ended with exit code 2: address already in use");
            },
            Cancellation);

        triedPorts.Count.ShouldBe(2);
        triedPorts[1].ShouldNotBe(triedPorts[0]);
        _output.ToString().ShouldContain($"another program has taken port {triedPorts[0]} meanwhile");
        thief!.Dispose();
    }

    [Fact]
    public async Task Start_failure_on_a_free_port_is_not_retried()
    {
        using var lines = Lines();
        using var environment = Environment(lines);
        var attempts = 0;

        await Should.ThrowAsync<LocalRunException>(() => environment.StartOnPortsAsync(
            "collector",
            [("collector", FreePort.Choose())],
            _ =>
            {
                attempts++;
                throw new LocalRunException("a setting is wrong");
            },
            Cancellation));

        attempts.ShouldBe(1);
    }

    [Fact]
    public void Port_that_one_run_has_chosen_is_not_chosen_by_another()
    {
        using var lines = Lines();
        using var first = Environment(lines);
        using var second = Environment(lines);
        var preferredPort = FreePort.Choose();

        first.ChoosePort("collector", preferredPort).ShouldBe(preferredPort);

        second.ChoosePort("collector", preferredPort).ShouldNotBe(preferredPort);
        _output.ToString().ShouldContain($"port {preferredPort} is taken");
    }

    public void Dispose() => _output.Dispose();

    private RunLines Lines() => new(_output, LineLevel.Info, json: false, TimeProvider.System);

    private static LocalEnvironment Environment(RunLines lines) =>
        new(new RunOptions { DataFolder = "." }, ".", lines, TimeProvider.System);
}
