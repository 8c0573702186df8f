using CloudTicks.Lake.Files;
using CloudTicks.Lake.Native;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Checks;

namespace CloudTicks.Lake.Importing;

/// <summary>
/// Reads a file to its end and sorts its ticks. A file with invalid lines is refused after all of them are counted, unless the settings
/// skip invalid lines.
/// </summary>
internal sealed class ImportFileReader(
    string file, ImportSettings settings, TickRuns runs, ImportProgress progress, Action<string> fault)
{
    private const int MaxReportedFaults = 10;
    private const int LinesPerProgress = 4096;

    private static readonly TickCheck Check = new(maxAge: null, maxLead: null);

    /// <summary>The number of ticks read.</summary>
    public long Ticks { get; private set; }

    /// <summary>The number of invalid lines.</summary>
    public long InvalidLines { get; private set; }

    /// <summary>The number of the last line or row read.</summary>
    public long LastNumber { get; private set; }

    /// <exception cref="LakeException">
    /// The file is damaged, has no ticks, has an unsupported format, or has an invalid line that the settings do not skip.
    /// </exception>
    public void Run(DuckDbSettings limits, CancellationToken cancellationToken)
    {
        var number = 0L;
        var unit = "";
        try
        {
            using var source = ImportSource.Open(file, settings, limits);
            unit = source.Ticks.Unit;
            try
            {
                Read(source, cancellationToken);
            }
            finally
            {
                number = source.Ticks.Number;
            }
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException)
        {
            var position = unit.Length == 0 ? "" : $" after {unit} {number}";
            throw new LakeException(
                $"{file} is damaged{position}: {damaged.Message.TrimEnd('.')}. No ticks were added: fetch the file again.", damaged);
        }

        LastNumber = number;
        if (InvalidLines > 0 && !settings.SkipsInvalidLines)
        {
            throw new LakeException(
                $"{file} is refused, and none of its ticks were added: {InvalidLines} of its {unit}s "
                    + $"{(InvalidLines == 1 ? "is not a tick" : "are not ticks")}. Correct the file, or skip invalid {unit}s with "
                    + "--skip-bad.");
        }

        if (Ticks == 0)
        {
            throw new LakeException($"{file} holds no ticks.");
        }

        runs.Complete(cancellationToken);
    }

    private void Read(ImportSource source, CancellationToken cancellationToken)
    {
        var tick = default(Tick);
        while (true)
        {
            try
            {
                if (!source.Ticks.TryRead(ref tick))
                {
                    return;
                }

                Validate(ref tick);
                Ticks++;
                if (InvalidLines == 0 || settings.SkipsInvalidLines)
                {
                    runs.Add(tick, TickSource.Import, partition: -1, source.Ticks.Number, cancellationToken);
                }
            }
            catch (ImportRowException bad)
            {
                if (++InvalidLines <= MaxReportedFaults)
                {
                    fault($"{file}, {source.Ticks.Unit} {source.Ticks.Number}: {bad.Message}.");
                }
            }

            if ((Ticks + InvalidLines) % LinesPerProgress == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress.Set(Ticks, source.Fraction ?? 0);
            }
        }
    }

    /// <summary>Applies the collector's checks.</summary>
    private static void Validate(ref Tick tick)
    {
        if (StorableTick.Fault(tick) is { } problem)
        {
            throw new ImportRowException($"the {tick.Kind.Name()} of {tick.Symbol} {problem}");
        }

        var rejection = Check.Check(ref tick);
        if (rejection != TickRejection.None)
        {
            throw new ImportRowException($"the {tick.Kind.Name()} of {tick.Symbol} {Describe(rejection)}");
        }
    }

    private static string Describe(TickRejection rejection) => rejection switch
    {
        TickRejection.BadPrice => "has a price below zero",
        TickRejection.BadSize => "has a size below zero",
        TickRejection.NoPrice => "has no price",
        _ => $"is refused ({rejection})",
    };
}
