using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Invocation;

/// <summary>The empty metadata of triggers that pass none.</summary>
internal sealed class NoBinding : BindingContext
{
    public static NoBinding Instance { get; } = new();

    public override IReadOnlyDictionary<string, object?> BindingData { get; } = new Dictionary<string, object?>();
}
