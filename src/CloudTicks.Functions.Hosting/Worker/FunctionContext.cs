namespace Microsoft.Azure.Functions.Worker;

/// <summary>The context of a function call.</summary>
public abstract class FunctionContext
{
    /// <summary>The unique id of this call; a retry has a new one.</summary>
    public abstract string InvocationId { get; }

    /// <summary>The function that is called.</summary>
    public abstract FunctionDefinition FunctionDefinition { get; }

    /// <summary>The trigger's metadata, in addition to the events.</summary>
    public abstract BindingContext BindingContext { get; }

    /// <summary>The call's scoped services.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }

    /// <summary>
    /// Cancelled when the host stops or the partition moves to another host; events that are not done by then are delivered again.
    /// </summary>
    public virtual CancellationToken CancellationToken { get; }
}
