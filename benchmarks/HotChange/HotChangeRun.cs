using System.Globalization;
using System.Text.Json;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.LocalServices;
using CloudTicks.LocalServices.Installation;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CloudTicks.Benchmarks.HotChange;

/// <summary>Symbols are added while everything runs; AppHost's own proof says whether a tick of any symbol was missed.</summary>
internal static class HotChangeRun
{
    private const string LibnatsVariable = "CLOUDTICKS_LIBNATS";

    private static readonly TimeSpan Goal = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenChanges = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(int rate, IReadOnlyList<string> symbols, CancellationToken cancellationToken)
    {
        var installation = await LocalInstallation.EnsureAsync(new InstallationReport(Console.Error), cancellationToken);
        Environment.SetEnvironmentVariable(LibnatsVariable, installation.Libnats);
        var time = WarmUp + (BetweenChanges * (symbols.Count + 1));
        await using var system = await RunningSystem.StartAsync(rate, time);
        using var hub = new HttpClient { BaseAddress = new Uri(await system.Hub.WaitAsync(cancellationToken)) };
        await using var services = Messaging(await system.Nats.WaitAsync(cancellationToken));
        await using var table = NpgsqlDataSource.Create(await system.Timescale.WaitAsync(cancellationToken));
        await system.FirstTick.WaitAsync(cancellationToken);

        var adding = new SymbolAdding(hub, services.GetRequiredService<NatsSubscriber>(), table);
        var added = new List<AddedSymbol>();
        using var pace = new PeriodicTimer(BetweenChanges);
        await Task.Delay(WarmUp, TimeProvider.System, cancellationToken);
        foreach (var symbol in symbols)
        {
            added.Add(await adding.AddAsync(symbol, cancellationToken));
            await pace.WaitForNextTickAsync(cancellationToken);
        }

        return Tell(rate, added, await system.ReportAsync(cancellationToken));
    }

    private static ServiceProvider Messaging(string nats) => new ServiceCollection()
        .AddLogging()
        .AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:nats", $"nats://{nats}")]).Build())
        .AddNatsSubscriber()
        .BuildServiceProvider();

    private static int Tell(int rate, List<AddedSymbol> added, JsonElement report)
    {
        var (sent, seconds) = (report.GetProperty("feed_sent").GetInt64(), report.GetProperty("seconds").GetDouble());
        Console.WriteLine(
            Line($"{rate:N0} ticks/s asked, {sent / seconds:N0} sent, for {seconds:0} s; {Environment.ProcessorCount} processors, ")
                + Line($".NET {Environment.Version}"));
        Console.WriteLine("  added     accepted ms   on NATS ms  in the table ms");
        foreach (var symbol in added)
        {
            Console.WriteLine(
                Line(
                    $"  {symbol.Symbol,-8}{symbol.Accepted.TotalMilliseconds,13:N0}{symbol.OnNats.TotalMilliseconds,13:N0}")
                        + Line($"{symbol.InTable.TotalMilliseconds,17:N0}"));
        }

        var (nats, row) = (Median.Of([.. added.Select(symbol => symbol.OnNats.TotalSeconds)]),
            Median.Of([.. added.Select(symbol => symbol.InTable.TotalSeconds)]));
        var slowest = added.Max(symbol => symbol.OnNats > symbol.InTable ? symbol.OnNats : symbol.InTable);
        Console.WriteLine(
            Line($"  median: on NATS after {nats:0.00} s, in the table after {row:0.00} s; slowest {slowest.TotalSeconds:0.00} s ")
                + Line($"({(slowest <= Goal ? "within" : "NOT within")} {Goal.TotalSeconds:0} s)"));
        var (received, stored, lost) =
            (report.GetProperty("received").GetInt64(), report.GetProperty("stored").GetInt64(), report.GetProperty("lost").GetInt64());
        Console.WriteLine(
            Line($"  {sent:N0} ticks sent, {received:N0} received, {stored:N0} in the table, {lost:N0} lost, of all symbols together"));
        return report.GetProperty("ok").GetBoolean() && sent == received && slowest <= Goal ? 0 : 1;
    }

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
