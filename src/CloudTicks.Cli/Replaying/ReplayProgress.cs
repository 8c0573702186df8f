using CloudTicks.Foundations;
using CloudTicks.Replay;
using Microsoft.Extensions.Hosting;
using static System.FormattableString;

namespace CloudTicks.Cli.Replaying;

/// <summary>Reports a replay's progress on standard error: one updated line on a terminal, otherwise a line every 10 s.</summary>
internal sealed class ReplayProgress(ReplayCounts counts, ReplayPace pace, TextWriter errors, bool isTerminal, TimeProvider time)
{
    private readonly long _startedAt = time.GetTimestamp();
    private (long At, long Emitted) _first;

    public TimeSpan Elapsed => time.GetElapsedTime(_startedAt);

    public Task ShowAsync(CancellationToken cancellationToken) =>
        ProgressLine.ShowAsync(Line, errors, isTerminal, time, cancellationToken);

    public string Line()
    {
        if (counts.RecordsToRead == 0 && !counts.ReadsFiles)
        {
            return "opening the archive";
        }

        if (counts.RecordsToRead == 0 || counts.RecordsRead < counts.RecordsToRead)
        {
            var disk = counts.SortedBytes > 0 ? Invariant($", {new ByteSize(counts.SortedBytes)} sorted on disk") : "";
            var read = counts.ReadsFiles
                ? Invariant($"reading files of Capture: {Counted.Of(counts.FilesRead, "file")}, {Counted.Of(counts.RecordsRead, "record")}")
                : Invariant($"reading the archive: {Percent(counts.RecordsRead, counts.RecordsToRead)}, ")
                    + Invariant($"{counts.RecordsRead:N0} of {Counted.Of(counts.RecordsToRead, "record")}");
            return Invariant($"{read}, {Counted.Of(counts.Selected, "tick")} found{disk}");
        }

        var replayed = counts.Emitted + counts.Repeated;
        if (_first.At == 0)
        {
            _first = (time.GetTimestamp(), replayed);
        }

        var seconds = Math.Max(time.GetElapsedTime(_first.At).TotalSeconds, 0.001);
        var at = pace.LastTickMs is { } ms
            ? Invariant($", at {DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(ms, 0, 253402300799999)):yyyy-MM-ddTHH:mm:ssZ}") : "";
        return Invariant($"replaying: {Percent(replayed, counts.Selected)}, {replayed:N0} of {Counted.Of(counts.Selected, "tick")}, ")
            + Invariant($"{(replayed - _first.Emitted) / seconds:N0}/s{at}");
    }

    private static string Percent(long replayed, long all) => Invariant($"{(all == 0 ? 100 : Math.Floor(100.0 * replayed / all)):0} %");
}
