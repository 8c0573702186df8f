namespace CloudTicks.AppHost.Local.Running;

/// <summary>A running process.</summary>
/// <param name="Kill">Kills the process, whether or not it has drained.</param>
internal sealed record RunningProcess(Task<int> Exited, Func<Task> StopAsync, Action Kill, string Description);
