/** Two transactions wait for each other; the one that noticed gives up. */
export class DeadlockDetected extends Error {
  constructor() {
    super('deadlock detected');
    this.name = 'DeadlockDetected';
  }
}
