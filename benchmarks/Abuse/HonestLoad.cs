using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Hub;

namespace CloudTicks.Benchmarks.Abuse;

/// <summary>
/// The honest clients, each with its own connection and thread, and a concurrent probe of the disk. A failed call is repeated on a new
/// connection; its response time then includes all attempts.
/// </summary>
internal sealed class HonestLoad(AbuseTarget target, string folder, int filledBatches)
{
    public const string Disk = "fdatasync of 4 KiB";

    private const int FlushPauseMs = 10;

    private readonly ConcurrentQueue<Exception> _problems = new();

    /// <summary>Runs all clients for a time.</summary>
    /// <returns>The response times of each client, then those of the disk.</returns>
    public IReadOnlyList<ResponseTimes> Run(TimeSpan time, CancellationToken cancellationToken)
    {
        var (small, large) = (HonestCalls.BatchOf(100), HonestCalls.BatchOf(HonestCalls.LargeBatchBytes));
        GroupMember? member = null;
        (string Name, int PauseMs, Action<HubClient, int> Call)[] calls =
        [
            ("produce 1 record", 5, (client, _) => HonestCalls.ProduceBatch(client, AbuseTarget.LiveTopic, 0, [.. small])),
            ("produce 100 kB", 25, (client, _) => HonestCalls.ProduceBatch(client, AbuseTarget.LiveTopic, 1, [.. large])),
            ("fetch 256 KiB", 10, (client, i) => HonestCalls.FetchFilled(client, i * 7 % (filledBatches - 3))),
            ("heartbeat", 10, (client, _) => HonestCalls.SendHeartbeat(client, member!)),
            ("commit", 10, (client, i) => HonestCalls.Commit(client, member!, i)),
            ("connect and log in", 25, (_, _) => target.Connect().Dispose()),
        ];
        while (member is null && !cancellationToken.IsCancellationRequested)
        {
            member = TryJoin();
        }

        var times = calls.Select(call => new ResponseTimes(call.Name)).Append(new ResponseTimes(Disk)).ToList();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(time);
        var threads = calls.Select((call, i) => new Thread(() => Repeat(times[i], call.PauseMs, call.Call, end.Token)) { Name = "honest" })
            .Append(new Thread(() => Flush(times[^1], end.Token)) { Name = "honest disk" }).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
        return _problems.TryDequeue(out var problem) ? throw new BenchmarkException(problem.Message) : times;
    }

    private void Repeat(ResponseTimes times, int pauseMs, Action<HubClient, int> call, CancellationToken end)
    {
        HubClient? client = null;
        try
        {
            for (var i = 0; !end.IsCancellationRequested; i++)
            {
                var began = Stopwatch.GetTimestamp();
                while (true)
                {
                    try
                    {
                        client ??= target.Connect();
                        call(client, i);
                        break;
                    }
                    catch (SocketException)
                    {
                        times.AddFailure();
                        client?.Dispose();
                        client = null;
                    }
                }

                times.Add(Stopwatch.GetElapsedTime(began));
                end.WaitHandle.WaitOne(pauseMs);
            }
        }
        catch (Exception e)
        {
            _problems.Enqueue(e);
        }
        finally
        {
            client?.Dispose();
        }
    }

    private GroupMember? TryJoin()
    {
        try
        {
            using var client = target.Connect();
            return HonestCalls.Join(client);
        }
        catch (SocketException)
        {
            return null; // the event hub closed the connection: retry
        }
    }

    private void Flush(ResponseTimes times, CancellationToken end)
    {
        try
        {
            var path = Path.Combine(folder, "probe");
            using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
            var block = new byte[4096];
            for (var i = 0; !end.IsCancellationRequested; i++)
            {
                var began = Stopwatch.GetTimestamp();
                RandomAccess.Write(file, block, (long)i * block.Length);
                SystemCalls.FlushData(file);
                times.Add(Stopwatch.GetElapsedTime(began));
                end.WaitHandle.WaitOne(FlushPauseMs);
            }
        }
        catch (Exception e)
        {
            _problems.Enqueue(e);
        }
    }
}
