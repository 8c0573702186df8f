using System.Globalization;
using CloudTicks.Verification.Places;

namespace CloudTicks.Cli.Places;

/// <summary>
/// Finds the AppHost for a command without addresses: that of <c>--data</c>, else that of this folder, else one in another folder.
/// </summary>
internal static class SystemSearch
{
    /// <summary>The data folder of an AppHost that was started in the current folder.</summary>
    public const string DefaultDataFolder = ".cloudticks";

    private const string DataOption = "--data";

    /// <returns>The system and where it was found; null when none is running.</returns>
    /// <exception cref="FormatException">The choice is ambiguous, or the system is not running; the message says what to do.</exception>
    public static FoundSystem? Find(string? dataFolder, bool isChange, string? feed, TextWriter notes)
    {
        if (dataFolder is not null)
        {
            return Choose(RunningSystems.In(dataFolder), DataOption, isExplicit: true, isChange, feed, notes)
                ?? throw new FormatException($"No AppHost is running in {Path.GetFullPath(dataFolder)}.");
        }

        var systemsHere = RunningSystems.In(DefaultDataFolder);
        if (Choose(systemsHere, "the AppHost of this folder", isExplicit: true, isChange, feed, notes) is { } found)
        {
            return found;
        }

        if (isChange && systemsHere.Stopped.FirstOrDefault(folder => feed is null || Path.GetFileName(folder) == feed) is { } stopped)
        {
            throw new FormatException(
                $"The AppHost of this folder ({stopped}) is not running, and no other system is changed instead. Start it, or name the "
                + "system: --data FOLDER for the data folder of another AppHost, or the option or variable of the server (--help).");
        }

        return Choose(
            RunningSystems.OnThisMachine(), "an AppHost that is running in another folder", isExplicit: false, isChange, feed, notes);
    }

    /// <summary>The running system of this user that a server belongs to; null if it belongs to none.</summary>
    public static RunningSystem? OwnerOf(Uri server) =>
        RunningSystems.In(DefaultDataFolder).Running.Concat(RunningSystems.OnThisMachine().Running)
            .FirstOrDefault(system => system.Has(server));

    /// <summary>Describes a system: <c>simulated, data folder /home/anna/.cloudticks/simulated, started 06:30Z</c>.</summary>
    public static string Describe(RunningSystem system)
    {
        var isToday = system.Started?.UtcDateTime.Date == TimeProvider.System.GetUtcNow().UtcDateTime.Date;
        var started = system.Started?.UtcDateTime.ToString(isToday ? "HH:mm'Z'" : "yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);
        return $"{system.Feed}, data folder {system.Folder}{(started is null ? "" : $", started {started}")}";
    }

    // isExplicit: if the folder's system cannot be used, the command fails instead of using another system.
    private static FoundSystem? Choose(RunningSystems systems, string where, bool isExplicit, bool isChange, string? feed, TextWriter notes)
    {
        var matching = systems.Running.Where(system => feed is null || system.Feed == feed).ToArray();
        if (matching.Length == 0)
        {
            return !isExplicit ? null
                : systems.Running is [var other, ..]
                    ? throw new FormatException(
                        $"Ticks of the {feed} feed must not enter a system of another feed ({Describe(other)}): name the event hub with "
                        + "ConnectionStrings__eventhubs, or a server with --db-server.")
                    : systems.Silent is [var folder, ..]
                        ? throw new FormatException(
                            $"The AppHost of {folder} is starting or stopping: try again, or name the servers "
                                + $"(--help).")
                        : null;
        }

        if (matching.Length == 1)
        {
            return new FoundSystem(matching[0], where);
        }

        var choices = string.Concat(matching.Select(system => $"\n  --data {system.Folder}   ({Describe(system)})"));
        if (isChange)
        {
            throw new FormatException($"{matching.Length} systems are running, and this command changes one. Choose:{choices}");
        }

        notes.WriteLine($"{matching.Length} systems are running; the one started last is used. To use another, add one of:{choices}");
        return new FoundSystem(matching[0], where);
    }
}
