/** What a variable, a secret or a captured value may be called. */
export const namePattern = /^[A-Za-z_][\w.-]*$/;
