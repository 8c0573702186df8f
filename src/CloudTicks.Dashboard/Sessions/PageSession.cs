using CloudTicks.CentralHub.Access;

namespace CloudTicks.Dashboard.Sessions;

/// <summary>Somebody who signed in. The key stays here, in the memory of this process; no answer and no line has it.</summary>
/// <param name="caller">Who it is.</param>
/// <param name="key">His key.</param>
/// <param name="began">A timestamp of the clock.</param>
internal sealed class PageSession(Caller caller, string key, long began)
{
    public Caller Caller => caller;

    public string Key => key;

    public long Began { get; } = began;

    /// <summary>When something was asked last.</summary>
    public long Used { get; set; } = began;

    /// <summary>Without the key.</summary>
    public override string ToString() => $"{caller.Name}, {caller.Role}";
}
