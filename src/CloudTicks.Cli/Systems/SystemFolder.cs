using CloudTicks.Cli.Places;
using CloudTicks.LocalServices.Processes;
using CloudTicks.Verification.Places;

namespace CloudTicks.Cli.Systems;

/// <summary>The data folder of a feed, and what its AppHost does now.</summary>
/// <param name="Process">The AppHost; null when none runs, or it cannot be told which process it is.</param>
/// <param name="Note">Where its parts are; null unless it runs.</param>
internal sealed record SystemFolder(string Path, SystemState State, ProcessIdentity? Process, RunningSystem? Note)
{
    /// <summary><c>simulated</c> or <c>polygon</c>.</summary>
    public string Feed => System.IO.Path.GetFileName(Path);

    public bool IsHeld => State is not (SystemState.Stopped or SystemState.Killed);

    /// <summary>The systems of a data folder, whether or not they run; without one those of this folder.</summary>
    public static IReadOnlyList<SystemFolder> Of(DirectoryInfo? data) => Of(RunningSystems.In(data?.FullName ?? SystemSearch.Here));

    /// <summary>As <see cref="Of(DirectoryInfo)"/>, and those of this user that run elsewhere where this folder has none.</summary>
    public static IReadOnlyList<SystemFolder> OrElsewhere(DirectoryInfo? data) =>
        Of(data) is var here && (data is not null || here.Count > 0) ? here : Elsewhere();

    /// <summary>Those of this user that run, wherever they are.</summary>
    public static IReadOnlyList<SystemFolder> Elsewhere() => [.. Of(RunningSystems.OnThisMachine()).Where(system => system.IsHeld)];

    private static List<SystemFolder> Of(RunningSystems systems) =>
    [
        .. systems.Running.Select(note => Held(note.Folder, note)),
        .. systems.Silent.Select(folder => Held(folder, note: null)),
        .. systems.Stopped.Select(folder => new SystemFolder(
            folder, AppHostNote.Read(folder) is null ? SystemState.Stopped : SystemState.Killed, Process: null, Note: null)),
    ];

    /// <summary>A note of a process that has gone is that of a killed AppHost: the one that holds the folder now has just begun.</summary>
    private static SystemFolder Held(string folder, RunningSystem? note)
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
