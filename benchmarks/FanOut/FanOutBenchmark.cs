using System.Globalization;
using System.Runtime.CompilerServices;
using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.LocalServices;
using CloudTicks.LocalServices.Installation;
using CloudTicks.LocalServices.Nats;

namespace CloudTicks.Benchmarks.FanOut;

/// <summary>Compares our publishing of ticks on NATS with libnats.</summary>
internal static class FanOutBenchmark
{
    private const string Libnats = "libnats, prepared messages";
    private const string LibnatsVariable = "CLOUDTICKS_LIBNATS";

    /// <summary>The collector's records hold about this many ticks at 100,000 ticks/s.</summary>
    private const int TicksPerRecord = 100;

    public static async IAsyncEnumerable<ComparisonResult> RunAsync(
        TickFrames frames, int rounds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var installation = await LocalInstallation.EnsureAsync(new InstallationReport(Console.Error), cancellationToken);
        Environment.SetEnvironmentVariable(LibnatsVariable, installation.Libnats);
        await using var server = await NatsCluster.StartAsync(installation, new NatsServerOptions { Nodes = 1 }, cancellationToken);
        await using var ours = new HandlerSide(server.Url, TickRecords.Pack(frames, TicksPerRecord));
        var messages = await ReceivedMessages.ReceiveAsync(server.Url, frames.Ticks, ours.RunAsync, cancellationToken);
        using var libnatsSide = new LibnatsSide(installation.Libnats, server.Url, messages);
        var libnatsMessages = await ReceivedMessages.ReceiveAsync(server.Url, frames.Ticks, libnatsSide.RunAsync, cancellationToken);
        if (libnatsMessages.Digest != messages.Digest)
        {
            throw new BenchmarkException(
                $"The subscriber received other messages from libnats ({libnatsMessages.Digest}) than from us ({messages.Digest}).");
        }

        var title = string.Create(
            CultureInfo.InvariantCulture,
            $"{frames.Ticks:N0} ticks of {messages.Bytes / messages.Count} B, {messages.Subjects:N0} subjects");
        yield return await new Comparison(
            title,
            [new Side("ours, PublishTicks from records to confirmation", ours.RunAsync), new Side(Libnats, libnatsSide.RunAsync)],
            [new Target(Libnats, 0.3, 0.6)]).RunAsync(
                rounds, $"a subscriber received the same {messages.Count:N0} subjects and payloads from both: {messages.Digest}",
                cancellationToken);
    }
}
