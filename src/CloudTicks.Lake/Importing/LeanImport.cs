using CloudTicks.Foundations;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Lean;

namespace CloudTicks.Lake.Importing;

/// <summary>Reads the ticks of a LEAN file: the same that the simulator sends for this file when it keeps the recorded times.</summary>
internal sealed class LeanImport : IImportTicks
{
    private const long MsPerDay = 86_400_000;

    private readonly LeanTicks _ticks;

    /// <param name="stream">The CSV, which this object closes when disposed.</param>
    /// <param name="name">The parsed file name.</param>
    /// <exception cref="LakeException">The system does not know the file's time zone.</exception>
    public LeanImport(string file, Stream stream, LeanFileName name)
    {
        if (name.Symbol.Market is Market.Stock or Market.Option && !NewYork.IsFromSystem)
        {
            throw new LakeException(
                $"{file}: the times of stocks and options are in the time zone America/New_York, which this system lacks: install its "
                    + "time zones (Debian: tzdata).");
        }

        var midnight = name.Symbol.Market is Market.Stock or Market.Option
            ? NewYork.At(name.Date, TimeOnly.MinValue)
            : new DateTimeOffset(name.Date, TimeOnly.MinValue, TimeSpan.Zero);
        _ticks = new LeanTicks(stream, name, midnight.ToUnixTimeMilliseconds());
    }

    public long Number => _ticks.Line;

    public string Unit => "line";

    public bool TryRead(ref Tick tick)
    {
        try
        {
            if (!_ticks.TryRead())
            {
                return false;
            }
        }
        catch (LeanFormatException fault)
        {
            throw new ImportRowException(fault.Message);
        }

        if (_ticks.Ms >= MsPerDay)
        {
            throw new ImportRowException($"its time, {_ticks.Ms} ms, is not within the day");
        }

        _ticks.Make(ref tick);
        return true;
    }

    public void Dispose() => _ticks.Dispose();
}
