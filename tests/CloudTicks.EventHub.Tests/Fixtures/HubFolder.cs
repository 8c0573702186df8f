using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>The data folder of a test's hub, and the copies that kills leave.</summary>
internal sealed class HubFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _copies;

    public string Data => _folder.File("hub");

    /// <summary>A copy of the data folder: what a kill at this moment would leave.</summary>
    public string Kill() => DataCopy.Take(Data, _folder.File($"copy{++_copies}"));

    public void Dispose() => _folder.Dispose();
}
