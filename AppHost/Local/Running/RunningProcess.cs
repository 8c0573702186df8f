namespace CloudTicks.AppHost.Local.Running;

/// <summary>A running process.</summary>
/// <param name="Kill">Kills it, drained or not.</param>
internal sealed record RunningProcess(Task<int> Exited, Func<Task> StopAsync, Action Kill, string Description);
