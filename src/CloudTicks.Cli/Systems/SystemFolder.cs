using CloudTicks.Cli.Places;
using CloudTicks.LocalServices.Processes;
using CloudTicks.Verification.Places;

namespace CloudTicks.Cli.Systems;

/// <summary>The data folder of a feed, and the state of its AppHost.</summary>
/// <param name="Process">AppHost's process; null when none is running, or it is unknown.</param>
/// <param name="Note">The addresses of AppHost's parts; null unless it is running.</param>
internal sealed record SystemFolder(string Path, SystemState State, ProcessIdentity? Process, RunningSystem? Note)
{
    /// <summary><c>simulated</c> or <c>polygon</c>.</summary>
    public string Feed => System.IO.Path.GetFileName(Path);

    /// <summary>Whether an AppHost holds the folder's lock.</summary>
    public bool IsHeld => State is not (SystemState.Stopped or SystemState.Killed);

    /// <summary>The systems of a data folder (by default that of the current folder), running or not.</summary>
    public static IReadOnlyList<SystemFolder> Of(DirectoryInfo? data) =>
        Of(RunningSystems.In(data?.FullName ?? SystemSearch.DefaultDataFolder));

    /// <summary>
    /// Like <see cref="Of(DirectoryInfo)"/>, but if no folder is named and the default folder has no system, this user's running systems.
    /// </summary>
    public static IReadOnlyList<SystemFolder> FindHereOrElsewhere(DirectoryInfo? data) =>
        Of(data) is var here && (data is not null || here.Count > 0) ? here : RunningInAnyFolder();

    /// <summary>This user's running systems, in any folder.</summary>
    public static IReadOnlyList<SystemFolder> RunningInAnyFolder() =>
        [.. Of(RunningSystems.OnThisMachine()).Where(system => system.IsHeld)];

    private static List<SystemFolder> Of(RunningSystems systems) =>
    [
        .. systems.Running.Select(note => FromHeldFolder(note.Folder, note)),
        .. systems.Silent.Select(folder => FromHeldFolder(folder, note: null)),
        .. systems.Stopped.Select(folder => new SystemFolder(
            folder, AppHostNote.Read(folder) is null ? SystemState.Stopped : SystemState.Killed, Process: null, Note: null)),
    ];

    /// <summary>
    /// Describes a folder that an AppHost holds. If the note's process has ended, a killed AppHost left the note behind, and the AppHost
    /// that holds the folder is still starting.
    /// </summary>
    private static SystemFolder FromHeldFolder(string folder, RunningSystem? note)
    {
        var (process, state) = AppHostNote.Read(folder) is { } own ? (new ProcessIdentity(own.Process, own.ProcessStarted), own.State)
            : (null, note is null ? AppHostState.Starting : AppHostState.Running);
        return process is { Runs: false } ? new SystemFolder(folder, SystemState.Starting, null, null)
            : state switch
            {
                AppHostState.Running => new SystemFolder(folder, SystemState.Running, process, note),
                AppHostState.Stopping => new SystemFolder(folder, SystemState.Stopping, process, null),
                _ => new SystemFolder(folder, SystemState.Starting, process, null),
            };
    }
}
