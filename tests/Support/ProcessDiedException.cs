namespace CrmServerless.Tests.Support;

/// <summary>The process dies here. Whoever sees it drops everything that the process held in memory.</summary>
public sealed class ProcessDiedException : Exception
{
    public ProcessDiedException() : base("The process died.") { }

    public ProcessDiedException(string message) : base(message) { }

    public ProcessDiedException(string message, Exception inner) : base(message, inner) { }
}
