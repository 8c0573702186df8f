using System.Net;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests;

public sealed class ProgramTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Waiting_clients_do_not_delay_stop()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        using var client = await WireClient.ConnectAsync(IPEndPoint.Parse(hub.BootstrapServers));
        await client.CreateTopicAsync("ticks");
        var poll = client.SendAsync(CloudTicks.EventHub.Wire.ApiKey.Fetch, 7, WireCalls.Fetch("ticks", 0, 0, waitMs: 200_000));
        await poll;
        (await hub.StopAsync()).ShouldBe(0);
        (await client.ReceiveAsync()).ShouldBeNull();
        hub.Log.ShouldContain(
            line => line.Contains($"listening on {hub.BootstrapServers}, data in {hub.DataFolder}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Health_checks_respond()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        using var http = new HttpClient();
        string? address = null;
        while ((address = hub.Log.Select(l => l.Split("health on ")).FirstOrDefault(l => l.Length > 1)?[1]) is null)
        {
            Cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        (await http.GetStringAsync($"{address}/health", Cancellation)).ShouldBe("Healthy");
        (await http.GetStringAsync($"{address}/alive", Cancellation)).ShouldBe("Healthy");
    }

    [Theory]
    [InlineData("does not listen on 0.0.0.0 without a login", "--listen", "0.0.0.0")]
    [InlineData("--health-port is 'abc'", "--health-port=abc")]
    [InlineData("--bogus is not an option", "--bogus", "1")]
    [InlineData("--dta is not an option of the event hub; did you mean --data?", "--dta", "/nowhere")]
    [InlineData("--port needs a value", "--port")]
    [InlineData("--data needs a value", "--data", "--port", "9092")]
    [InlineData("--advertise must be host:port", "--advertise", "nowhere")]
    [InlineData("--default-partitions must be from 1 to 1024", "--default-partitions", "0")]
    public async Task Invalid_options_are_refused_with_an_error_message(string sentence, params string[] arguments)
    {
        var failure = await Should.ThrowAsync<InvalidOperationException>(
            () => EventHubProcess.StartAsync(arguments: arguments, cancellationToken: Cancellation));
        failure.Message.ShouldContain(sentence);
        failure.Message.ShouldContain("exit code 2");
        failure.Message.ShouldNotContain("   at ", customMessage: "a sentence, not a stack trace");
    }

    [Fact]
    public async Task Help_exits_with_0()
    {
        var exception = await Should.ThrowAsync<InvalidOperationException>(
            () => EventHubProcess.StartAsync(arguments: ["--help"], cancellationToken: Cancellation));
        exception.Message.ShouldContain("exit code 0");
        exception.Message.ShouldContain("Exit codes:");
    }

    [Fact]
    public async Task Folder_in_use_is_refused()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        var failure = await Should.ThrowAsync<InvalidOperationException>(
            () => EventHubProcess.StartAsync(hub.DataFolder, cancellationToken: Cancellation));
        failure.Message.ShouldContain("in use by another event hub");
    }

    [Fact]
    public async Task Read_only_folder_is_refused_with_an_error_message()
    {
        await using var disk = await SmallDisk.TryMountAsync(1, Cancellation);
        Assert.SkipWhen(disk is null, "A small disk cannot be mounted here: mounting needs root, and a container that permits it.");
        await disk.MakeReadOnlyAsync(Cancellation);

        var failure = await Should.ThrowAsync<InvalidOperationException>(
            () => EventHubProcess.StartAsync(disk.Path, cancellationToken: Cancellation));

        failure.Message.ShouldContain("exit code 1");
        failure.Message.ShouldContain($"The data folder {disk.Path} cannot be written to");
        failure.Message.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Full_disk_is_reported_and_leaves_no_folder()
    {
        await using var disk = await SmallDisk.TryMountAsync(1, Cancellation);
        Assert.SkipWhen(disk is null, "A small disk cannot be mounted here: mounting needs root, and a container that permits it.");
        using var full = disk.Fill();
        var folder = Path.Combine(disk.Path, "hub");

        var failure = await Should.ThrowAsync<InvalidOperationException>(
            () => EventHubProcess.StartAsync(folder, cancellationToken: Cancellation));

        failure.Message.ShouldContain("its disk is full");
        Directory.Exists(folder).ShouldBeFalse();
    }
}
