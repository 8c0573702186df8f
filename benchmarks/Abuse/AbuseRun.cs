using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Hub;
using static System.FormattableString;

namespace CloudTicks.Benchmarks.Abuse;

/// <summary>Starts a new event hub for each abuse, and measures honest clients first alone, then in parallel with the abuse.</summary>
internal sealed class AbuseRun(TimeSpan time, TimeSpan settle, string program)
{
    private const double Goal = 2;
    private const int FilledBatches = 640;
    private const string User = "client";
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    /// <summary>Leaves time for the event hub to JIT-compile the code that the abuse uses. Compiling occupies a processor.</summary>
    private static readonly TimeSpan AbuseDelay = TimeSpan.FromSeconds(5);

    public async Task<int> RunAsync(IReadOnlyList<AbuseKind> kinds, bool json, CancellationToken cancellationToken)
    {
        var results = new List<AbuseResult>();
        foreach (var kind in kinds)
        {
            var folder = Directory.CreateTempSubdirectory("cloudticks-benchmark-");
            try
            {
                results.Add(await RunAsync(kind, folder.FullName, cancellationToken));
            }
            finally
            {
                folder.Delete(recursive: true);
            }

            if (!json)
            {
                Write(results[^1]);
            }
        }

        if (json)
        {
            JsonReport.Write(Console.Out, results, Table(results));
        }

        return results.SelectMany(result => result.Honest).Any(honest => !honest.IsDisk && honest.Ratio > Goal) ? 1 : 0;
    }

    private async Task<AbuseResult> RunAsync(AbuseKind kind, string folder, CancellationToken cancellationToken)
    {
        var password = Guid.NewGuid().ToString("N");
        await using var hub = await HubProgram.StartAsync(
            Path.Combine(folder, "hub"), cancellationToken, program,
            new Dictionary<string, string?> { ["EventHub__Users__0__Name"] = User, ["EventHub__Users__0__Password"] = password });
        var target = new AbuseTarget(hub.Address, User, password);
        Fill(target);
        var honest = new HonestLoad(target, folder, FilledBatches);
        honest.Run(WarmUp, cancellationToken);
        await using var memory = new MemoryProbe(hub.Pid);
        var without = honest.Run(time, cancellationToken);
        var before = memory.Megabytes();
        memory.Start();
        using var abuseEnd = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var abuse = Task.Run(() => kind.RunAsync(target, abuseEnd.Token), CancellationToken.None);
        await Task.Delay(AbuseDelay, TimeProvider.System, cancellationToken);
        var with = honest.Run(time, cancellationToken);
        await abuseEnd.CancelAsync();
        await abuse;
        await Task.Delay(settle, TimeProvider.System, cancellationToken);
        return new AbuseResult(
            kind.Name, kind.Description,
            [.. without.Zip(
                with,
                static (without, with) => new HonestResult(without.Name, ResponseTimeResult.Of(without), ResponseTimeResult.Of(with)))],
            before, memory.Peak, memory.Megabytes());
    }

    private static void Fill(AbuseTarget target)
    {
        using var client = target.Connect();
        HonestCalls.CreateTopic(client, AbuseTarget.LiveTopic, 2);
        HonestCalls.CreateTopic(client, AbuseTarget.FilledTopic, 1);
        HonestCalls.CreateTopic(client, AbuseTarget.AbusedTopic, AbuseTarget.AbusedPartitions);
        var batch = HonestCalls.BatchOf(HonestCalls.LargeBatchBytes);
        for (var i = 0; i < FilledBatches; i++)
        {
            HonestCalls.ProduceBatch(client, AbuseTarget.FilledTopic, 0, batch);
        }
    }

    private static ResultTable Table(IReadOnlyList<AbuseResult> results)
    {
        var table = new ResultTable(
            "abuse", "worst client", "p99 without, with, ms", "ratio", "goal", "fdatasync ratio", "memory before, peak, after, MB");
        foreach (var result in results)
        {
            var worst = result.Honest.Where(honest => !honest.IsDisk).MaxBy(honest => honest.Ratio)!;
            table.Add(
                $"{result.Description}", $"{worst.Client}", $"{worst.Without.P99:0.0}, {worst.With.P99:0.0}", $"{worst.Ratio:0.0}",
                $"{Goal}", $"{result.Honest.First(honest => honest.IsDisk).Ratio:0.0}",
                $"{result.MegabytesBefore}, {result.MegabytesPeak}, {result.MegabytesAfter}");
        }

        return table;
    }

    private static void Write(AbuseResult result)
    {
        Console.WriteLine(Invariant(
            $"{result.Abuse}: {result.Description}; {JsonReport.Machine}"));
        Console.WriteLine("  ms                    without: p50      p99      max     with: p50      p99      max  closed   ratio of p99");
        foreach (var honest in result.Honest)
        {
            var (without, with) = (honest.Without, honest.With);
            var verdict = honest.IsDisk || honest.Ratio <= Goal ? "" : " over the goal";
            Console.Write(Invariant($"  {honest.Client,-22}{without.P50,12:N2}{without.P99,9:N2}{without.Max,9:N1}"));
            Console.WriteLine(Invariant(
                $"{with.P50,14:N2}{with.P99,9:N2}{with.Max,9:N1}{with.Failures,8}{honest.Ratio,11:N2}{verdict}"));
        }

        var (before, peak, after) = (result.MegabytesBefore, result.MegabytesPeak, result.MegabytesAfter);
        Console.WriteLine(Invariant($"  memory of the hub: {before} MB before, {peak} MB at the peak, {after} MB afterwards"));
    }
}
