using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Invocation;

/// <summary>The definition of a function, as its context shows it.</summary>
internal sealed class NamedFunction(string name) : FunctionDefinition
{
    public override string Name => name;
}
