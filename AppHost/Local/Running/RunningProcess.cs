namespace CloudTicks.AppHost.Local.Running;

/// <summary>A process that was started.</summary>
/// <param name="Kill">Ends it at once, drained or not.</param>
internal sealed record RunningProcess(Task<int> Exited, Func<Task> StopAsync, Action Kill, string Description);
