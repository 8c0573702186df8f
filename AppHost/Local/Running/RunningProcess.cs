namespace CloudTicks.AppHost.Local.Running;

/// <summary>A process that was started.</summary>
/// <param name="Exited">Ends with its exit code.</param>
/// <param name="StopAsync">Lets it drain and stops it.</param>
/// <param name="Kill">Ends it at once, drained or not.</param>
/// <param name="Description">What to say of it.</param>
internal sealed record RunningProcess(Task<int> Exited, Func<Task> StopAsync, Action Kill, string Description);
