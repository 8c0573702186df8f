using System.Globalization;
using System.Text;
using CloudTicks.Collection.Records;
using CloudTicks.Collection.Spool;
using CloudTicks.Foundations.Disks;
using CloudTicks.TestServices;

namespace CloudTicks.Collection.Tests.Spool;

/// <summary>A folder whose spool a test opens once per run. It records the damage that the spool reports.</summary>
internal sealed class SpoolFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public List<SpoolDamage> Damages { get; } = [];

    public List<(string Path, long Bytes)> CutTails { get; } = [];

    public static OutgoingRecord Record(int number) =>
        new(number, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"record {number:000000}")), number * 10);

    public static int Number(SpooledRecord record) =>
        int.Parse(Encoding.UTF8.GetString(record.Record.Value)["record ".Length..], CultureInfo.InvariantCulture);

    public static List<SpooledRecord> ReadAll(RecordSpool spool)
    {
        List<SpooledRecord> records = [];
        while (spool.TryRead(out var record))
        {
            records.Add(record);
        }

        return records;
    }

    public string[] Files() => [.. Directory.GetFiles(_folder.Path, "*.spool").Order(StringComparer.Ordinal)];

    public RecordSpool Open(long segmentBytes = 1 << 20, Disk? disk = null)
    {
        var spool = RecordSpool.Open(
            _folder.Path, disk ?? new Disk(), segmentBytes, TimeProvider.System, (path, bytes) => CutTails.Add((path, bytes)));
        spool.OnDamage = Damages.Add;
        return spool;
    }

    public void Dispose() => _folder.Dispose();
}
