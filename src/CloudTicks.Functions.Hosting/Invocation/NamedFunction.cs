using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Invocation;

internal sealed class NamedFunction(string name) : FunctionDefinition
{
    public override string Name => name;
}
