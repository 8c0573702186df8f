using CloudTicks.AppHost.Local.Lines;
using CloudTicks.LocalServices.Processes;
using CloudTicks.Verification.Places;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>Records the id and the state of this process in the data folder, for <c>cloudticks status</c> and <c>down</c>.</summary>
internal sealed class RunState(string folder, RunLines lines) : IDisposable
{
    public void Set(AppHostState state) =>
        Try(() => new AppHostNote(ProcessIdentity.Own.Id, ProcessIdentity.Own.Started, state).Write(folder));

    /// <summary>Removes the note, so that a leftover note is always from a killed process.</summary>
    public void Dispose() => Try(() => AppHostNote.Remove(folder));

    private void Try(Action change)
    {
        try
        {
            change();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            lines.Write("run", LineLevel.Warning, $"'cloudticks status' and 'down' will not find this process: {refused.Message}");
        }
    }
}
