using System.Text.Json;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Comparing.Running;
using CloudTicks.Benchmarks.Latency;
using Npgsql;
using static System.FormattableString;

namespace CloudTicks.Benchmarks.HotChange;

/// <summary>Adds symbols to a running system; AppHost's verification shows whether a tick of any symbol was missed.</summary>
internal static class HotChangeRun
{
    private static readonly TimeSpan Goal = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StartupTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ChangeInterval = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(
        int rate, IReadOnlyList<string> symbols, bool asJson, CancellationToken cancellationToken)
    {
        var time = StartupTime + WarmUp + (ChangeInterval * (symbols.Count + 1));
        await using var system = await MeasuredSystem.StartAsync(rate, time: Invariant($"{time.TotalSeconds:0}s"));
        await using var nats = await NatsListener.CreateAsync(await system.WaitForNatsAsync(cancellationToken), cancellationToken);
        await system.WaitForFirstRowAsync(cancellationToken);
        using var hub = new HttpClient { BaseAddress = system.Hub };
        await using var table = NpgsqlDataSource.Create(system.Database);

        var addition = new SymbolAddition(hub, nats.Subscriber, table);
        var added = new List<AddedSymbol>();
        using var pace = new PeriodicTimer(ChangeInterval);
        await Task.Delay(WarmUp, TimeProvider.System, cancellationToken);
        foreach (var symbol in symbols)
        {
            added.Add(await system.WhileRunningAsync(token => addition.AddAsync(symbol, token), cancellationToken));
            await pace.WaitForNextTickAsync(cancellationToken);
        }

        var report = await system.WaitForReportAsync(cancellationToken);
        var isComplete = report.GetProperty("ok").GetBoolean() && Missed(report) == 0;
        if (asJson)
        {
            JsonReport.Write(Console.Out, added, Table(rate, added, report), isComplete ? null : "Ticks were missed or lost.");
        }
        else
        {
            WriteText(rate, added, report);
        }

        return isComplete && Slowest(added) <= Goal ? 0 : 1;
    }

    private static ResultTable Table(int rate, List<AddedSymbol> added, JsonElement report)
    {
        var table = new ResultTable(
            "ticks/s", "additions", "on NATS, median ms", "in the table, median ms", "slowest ms", "goal", "missed");
        table.Add(
            $"{rate:N0}", $"{added.Count}", $"{MedianOf(added, symbol => symbol.OnNats):N0}",
            $"{MedianOf(added, symbol => symbol.InTable):N0}", $"{Slowest(added).TotalMilliseconds:N0}", $"{Goal.TotalMilliseconds:N0}",
            $"{Missed(report):N0}");
        return table;
    }

    private static void WriteText(int rate, List<AddedSymbol> added, JsonElement report)
    {
        var (sent, seconds) = (report.GetProperty("feed_sent").GetInt64(), report.GetProperty("seconds").GetDouble());
        Console.WriteLine(
            Invariant($"{rate:N0} ticks/s requested, {sent / seconds:N0} sent, for {seconds:0} s; {JsonReport.Machine}"));
        Console.WriteLine("  added     accepted ms   on NATS ms  in the table ms");
        foreach (var symbol in added)
        {
            Console.WriteLine(
                Invariant(
                    $"  {symbol.Symbol,-8}{symbol.Accepted.TotalMilliseconds,13:N0}{symbol.OnNats.TotalMilliseconds,13:N0}")
                        + Invariant($"{symbol.InTable.TotalMilliseconds,17:N0}"));
        }

        var (nats, row) = (MedianOf(added, symbol => symbol.OnNats), MedianOf(added, symbol => symbol.InTable));
        var slowest = Slowest(added);
        Console.WriteLine(
            Invariant($"  median: on NATS after {nats:N0} ms, in the table after {row:N0} ms; slowest {slowest.TotalMilliseconds:N0} ms ")
                + Invariant($"({(slowest <= Goal ? "within" : "NOT within")} {Goal.TotalSeconds:0} s)"));
        var (received, stored, lost) =
            (report.GetProperty("received").GetInt64(), report.GetProperty("stored").GetInt64(), report.GetProperty("lost").GetInt64());
        Console.WriteLine(
            Invariant($"  {sent:N0} ticks sent, {received:N0} received, {stored:N0} in the table, {lost:N0} lost, over all symbols"));
    }

    private static long Missed(JsonElement report) =>
        report.GetProperty("feed_sent").GetInt64() - report.GetProperty("received").GetInt64();

    private static double MedianOf(List<AddedSymbol> added, Func<AddedSymbol, TimeSpan> time) =>
        Median.Of([.. added.Select(symbol => time(symbol).TotalMilliseconds)]);

    private static TimeSpan Slowest(List<AddedSymbol> added) =>
        added.Max(symbol => symbol.OnNats > symbol.InTable ? symbol.OnNats : symbol.InTable);
}
