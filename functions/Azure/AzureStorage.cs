namespace CrmServerless.Azure;

internal static class Placeholder;
