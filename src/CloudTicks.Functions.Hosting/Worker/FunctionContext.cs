namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a function may know of the call it is in.</summary>
public abstract class FunctionContext
{
    /// <summary>Tells this call from every other, also from a retry.</summary>
    public abstract string InvocationId { get; }

    /// <summary>The function itself.</summary>
    public abstract FunctionDefinition FunctionDefinition { get; }

    /// <summary>What the trigger tells besides the events.</summary>
    public abstract BindingContext BindingContext { get; }

    /// <summary>The services of this call.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }

    /// <summary>Cancelled when the host stops or the partition goes to another one; what is not done then is delivered again.</summary>
    public virtual CancellationToken CancellationToken { get; }
}
