using System.Globalization;
using System.Text;
using CloudTicks.Foundations.Disks;
using CloudTicks.Lake.Files;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Lake.Tests.Writing;

/// <summary>Text files with the time and identity of one tick per line, written through a disk that the test observes.</summary>
internal sealed class TextTickFiles(Disk disk) : ITickFiles
{
    public ITickFile Create(string path, IReadOnlyDictionary<string, string> metadata) => new TextTickFile(disk, path);

    public void Release()
    {
    }

    public TickFileFigures Merge(
        IReadOnlyList<string> inputs, string path, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken) =>
        Write(disk, path, inputs.SelectMany(Read));

    public TickFileFigures? Copy(
        string input, (long Rows, ulong Sum) expected, DroppedTicks dropped, string path, IReadOnlyDictionary<string, string> metadata,
        CancellationToken cancellationToken) => throw new NotSupportedException();

    public static IEnumerable<(long Ms, ulong Identity)> Read(string path) => File.ReadLines(path).Select(line =>
        (long.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture),
            ulong.Parse(line.Split(' ')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)));

    private static TickFileFigures Write(Disk disk, string path, IEnumerable<(long Ms, ulong Identity)> ticks)
    {
        var sorted = ticks.Distinct().Order().ToList();
        using (var file = disk.Open(path))
        {
            file.Write(0, Encoding.ASCII.GetBytes(string.Concat(sorted.Select(tick => $"{tick.Ms} {tick.Identity:x16}\n"))));
        }

        return new TickFileFigures(
            sorted.Count, sorted[0].Ms, sorted[^1].Ms, sorted.Aggregate(0UL, (sum, tick) => unchecked(sum + tick.Identity)));
    }

    private sealed class TextTickFile(Disk disk, string path) : ITickFile
    {
        private readonly List<(long Ms, ulong Identity)> _ticks = [];

        public void Add(scoped in Tick tick, TickSource source, int partition, long offset) =>
            _ticks.Add((tick.TimestampMs, TickIdentity.Of(tick)));

        public TickFileFigures Complete(CancellationToken cancellationToken) => Write(disk, path, _ticks);

        public void Dispose()
        {
        }
    }
}
