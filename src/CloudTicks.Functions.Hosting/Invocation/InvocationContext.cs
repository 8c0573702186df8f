using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Invocation;

internal sealed class InvocationContext(
    FunctionDefinition definition, BindingContext binding, IServiceProvider services, CancellationToken cancellationToken) : FunctionContext
{
    public override string InvocationId { get; } = Guid.NewGuid().ToString();

    public override FunctionDefinition FunctionDefinition => definition;

    public override BindingContext BindingContext => binding;

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override CancellationToken CancellationToken => cancellationToken;
}
