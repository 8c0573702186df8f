using CloudTicks.AppHost.Local.Lines;
using CloudTicks.LocalServices.Processes;
using CloudTicks.Verification.Places;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>Records in the data folder which process this is and its phase, for <c>cloudticks status</c> and <c>down</c>.</summary>
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
            lines.Write("run", LineLevel.Warning, $"'cloudticks status' and 'down' will not know this process: {refused.Message}");
        }
    }
}
