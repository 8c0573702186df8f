using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>The data folder of a test, and copies in the state that a kill leaves.</summary>
internal sealed class HubFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _copyCount;

    public string Data => _folder.File("hub");

    /// <summary>Copies the data folder as a kill at this moment would leave it.</summary>
    public string Kill() => DataCopy.Take(Data, _folder.File($"copy{++_copyCount}"));

    public void Dispose() => _folder.Dispose();
}
