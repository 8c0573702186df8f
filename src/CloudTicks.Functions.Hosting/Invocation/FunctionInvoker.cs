using Azure.Messaging.EventHubs;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Invocation;

internal sealed class FunctionInvoker(EventHubFunction function, IServiceProvider services)
{
    private readonly FunctionCall _call = new(function.Name, function.Method, services);

    public Task InvokeAsync(EventData[] events, BindingContext binding, CancellationToken cancellationToken) =>
        _call.InvokeAsync(_ => events, binding, cancellationToken);
}
